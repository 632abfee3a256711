using System.Globalization;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Python's numbers: <c>1_000</c>, <c>0xff</c>, <c>.5</c>, <c>1e-3</c>.</summary>
internal static class NumberLiteral
{
    /// <summary>Reads the number at a position.</summary>
    /// <returns>How many characters it has, and a <see cref="long"/> or <see cref="double"/>.</returns>
    internal static (int Length, object Number) Read(string text, int start, ConfigOrigin origin)
    {
        var end = End(text, start);
        if (end < text.Length && PythonText.IsNamePart(text[end]))
        {
            throw ConfigException.AtColumn(
                origin, $"a number must end before a letter, found '{text[start..(end + 1)]}'. Separate them.");
        }

        var word = text[start..end];
        var number = TryParse(word) ?? throw ConfigException.AtColumn(
            origin, $"'{word}' is not a number that fits. Integers have 64 bits and no leading zero.");
        return (end - start, number);
    }

    /// <summary>A number as Python's source writes it, without a sign; null where it is none.</summary>
    internal static object? TryParse(string word)
    {
        if (word.EndsWith('_') || word.Contains("__", StringComparison.Ordinal) ||
            word.Contains("_.", StringComparison.Ordinal))
        {
            return null;
        }

        word = word.Replace("_", "");
        if (word.Length > 1 && word[0] == '0' && char.IsAsciiLetter(word[1]) && word[1] is not ('e' or 'E'))
        {
            return ParseRadix(word);
        }

        return word.AsSpan().IndexOfAny('.', 'e', 'E') >= 0 ? ParseFloat(word) : (object?)ParseInt(word);
    }

    private static double? ParseFloat(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? ParseInt(string word)
    {
        if (word[0] == '0' && word.AsSpan().IndexOfAnyExcept('0') >= 0)
        {
            return null;
        }

        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static long? ParseRadix(string word)
    {
        var radix = char.ToLowerInvariant(word[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
        if (radix == 0 || word.Length == 2)
        {
            return null;
        }

        long value = 0;
        foreach (var character in word.AsSpan(2))
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : radix;
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return value;
    }

    private static int End(string text, int start)
    {
        if (text[start] == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            return Skip(text, start + 2, hexadecimal: true);
        }

        var end = Skip(text, start, hexadecimal: false);
        if (end < text.Length && text[end] == '.')
        {
            end = Skip(text, end + 1, hexadecimal: false);
        }

        return SkipExponent(text, end);
    }

    private static int SkipExponent(string text, int end)
    {
        if (end >= text.Length || text[end] is not ('e' or 'E'))
        {
            return end;
        }

        var digits = end + 1;
        if (digits < text.Length && text[digits] is '+' or '-')
        {
            digits++;
        }

        return digits < text.Length && char.IsAsciiDigit(text[digits]) ? Skip(text, digits, hexadecimal: false) : end;
    }

    private static int Skip(string text, int at, bool hexadecimal)
    {
        while (at < text.Length && (text[at] == '_' ||
            (hexadecimal ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at]))))
        {
            at++;
        }

        return at;
    }
}
