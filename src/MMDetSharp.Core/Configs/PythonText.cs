using System.Globalization;
using System.Text;

namespace MMDetSharp.Core.Configs;

/// <summary>Values as Python writes them: <c>repr</c> and <c>str</c>.</summary>
internal static class PythonText
{
    private static readonly HashSet<string> Keywords =
    [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];

    /// <summary>A reserved word of Python.</summary>
    internal static bool IsKeyword(string name) => Keywords.Contains(name);

    /// <summary>A name that may stand left of <c>=</c>.</summary>
    internal static bool IsIdentifier(string name)
    {
        if (name.Length == 0 || !IsNameStart(name[0]) || Keywords.Contains(name))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!IsNamePart(character))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsNameStart(char character) => character == '_' || char.IsLetter(character);

    internal static bool IsNamePart(char character) => character == '_' || char.IsLetterOrDigit(character);

    /// <summary>Python's <c>str(value)</c>.</summary>
    internal static string Str(ConfigValue value) =>
        value is ConfigScalar { Content: string text } ? text : Repr(value);

    /// <summary>Python's <c>repr(value)</c>; a dict is written with braces.</summary>
    internal static string Repr(ConfigValue value)
    {
        if (value is ConfigScalar scalar)
        {
            return Repr(scalar);
        }

        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    internal static string Repr(ConfigScalar scalar) => scalar.Content switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Repr(number),
        _ => Repr((string)scalar.Content),
    };

    /// <summary>The shortest text that reads back as the same number, laid out as Python does.</summary>
    internal static string Repr(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        var sign = double.IsNegative(number) ? "-" : "";
        var (digits, exponent) = Digits(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        return sign + (number == 0 ? "0.0" : Layout(digits, exponent));
    }

    /// <summary>Python's <c>repr</c> of a string: single quotes unless only they occur in it.</summary>
    internal static string Repr(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var character in text)
        {
            AppendEscaped(result, character, quote);
        }

        return result.Append(quote).ToString();
    }

    private static void AppendEscaped(StringBuilder result, char character, char quote)
    {
        if (character == quote || character == '\\')
        {
            result.Append('\\').Append(character);
            return;
        }

        if (!IsControl(character))
        {
            result.Append(character);
            return;
        }

        result.Append(character switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < '\x100' => $"\\x{(int)character:x2}",
            _ => $"\\u{(int)character:x4}",
        });
    }

    /// <summary>Characters that would break a line or could not be seen.</summary>
    private static bool IsControl(char character) =>
        character is < ' ' or >= '\x7f' and < '\xa1' or '\xad' or '\u2028' or '\u2029' or '\ufeff' ||
        (character > '\xff' && char.GetUnicodeCategory(character) is UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator);

    /// <summary>The significant digits of a positive number and the decimal exponent of the first of them.</summary>
    private static (string Digits, int Exponent) Digits(string shortest)
    {
        var mark = shortest.IndexOf('E');
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var shift = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        var significant = digits.TrimStart('0');
        var first = digits.Length - significant.Length;
        return (significant.TrimEnd('0'), (point < 0 ? mantissa.Length : point) - 1 - first + shift);
    }

    private static string Layout(string digits, int exponent)
    {
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits.AsSpan(1)}";
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? digits + new string('0', exponent + 1 - digits.Length) + ".0"
            : $"{digits.AsSpan(0, exponent + 1)}.{digits.AsSpan(exponent + 1)}";
    }

    private static void Write(StringBuilder text, ConfigValue value, int depth)
    {
        if (depth > 100)
        {
            text.Append("...");
            return;
        }

        switch (value)
        {
            case ConfigScalar scalar:
                text.Append(Repr(scalar));
                break;
            case ConfigNode node:
                WriteNode(text, node, depth);
                break;
            case ConfigSequence sequence:
                WriteSequence(text, sequence, depth);
                break;
            default:
                text.Append("<function>");
                break;
        }
    }

    private static void WriteNode(StringBuilder text, ConfigNode node, int depth)
    {
        text.Append('{');
        for (var i = 0; i < node.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, node.Entries[i].Key, depth + 1);
            text.Append(": ");
            Write(text, node.Entries[i].Value, depth + 1);
        }

        text.Append('}');
    }

    private static void WriteSequence(StringBuilder text, ConfigSequence sequence, int depth)
    {
        if (sequence is { Kind: ConfigKind.Set, Count: 0 })
        {
            text.Append("set()");
            return;
        }

        var (open, close) = sequence.Kind switch
        {
            ConfigKind.List => ('[', ']'),
            ConfigKind.Tuple => ('(', ')'),
            _ => ('{', '}'),
        };
        text.Append(open);
        for (var i = 0; i < sequence.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, sequence[i], depth + 1);
        }

        text.Append(sequence is { Kind: ConfigKind.Tuple, Count: 1 } ? "," : "").Append(close);
    }
}
