using System.Globalization;
using System.Text;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Python's <c>format(value, specification)</c>.</summary>
internal static class TextFormat
{
    /// <summary>Applies <c>!r</c>, <c>!s</c> or <c>!a</c>.</summary>
    internal static ConfigValue Convert(ConfigValue value, char conversion) => conversion switch
    {
        'r' or 'a' => new ConfigScalar(PythonText.Repr(value), value.Origin),
        's' => new ConfigScalar(PythonText.Str(value), value.Origin),
        _ => value,
    };

    /// <summary>The value as text.</summary>
    internal static string Apply(ConfigValue value, string specification, ConfigOrigin at)
    {
        if (specification.Length == 0)
        {
            return PythonText.Str(value);
        }

        var format = FormatSpecification.Parse(specification, at);
        return value switch
        {
            ConfigScalar { Content: string text } when format.Type is '\0' or 's' => Text(text, format),
            ConfigScalar { Content: double number } => Real(number, format, at),
            _ when Numbers.IsInteger(value, out var integer) => Integer(integer, format, at),
            _ => throw ConfigException.AtColumn(
                at, $"the format '{specification}' does not fit {value.Describe()}. Remove it, or convert the value."),
        };
    }

    internal static string Text(string text, FormatSpecification format)
    {
        text = format.Precision is { } most && most < text.Length ? text[..most] : text;
        return Pad("", text, format, '<');
    }

    internal static string Integer(long number, FormatSpecification format, ConfigOrigin at)
    {
        if (format.Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
        {
            return Real(number, format, at);
        }

        if (format.Precision is not null)
        {
            throw ConfigException.AtColumn(at, "an int has no decimals. Remove the precision, or add f.");
        }

        var digits = format.Type switch
        {
            '\0' or 'd' or 'n' => Magnitude(number).ToString(CultureInfo.InvariantCulture),
            'x' => Magnitude(number).ToString("x", CultureInfo.InvariantCulture),
            'X' => Magnitude(number).ToString("X", CultureInfo.InvariantCulture),
            'o' => System.Convert.ToString((long)Magnitude(number), 8),
            'b' => System.Convert.ToString((long)Magnitude(number), 2),
            _ => throw ConfigException.AtColumn(
                at, $"the format '{format.Type}' does not fit an int. Use d, x, o, b, f or g."),
        };
        var prefix = format.IsAlternate && format.Type is 'x' or 'X' or 'o' or 'b' ? "0" + format.Type : "";
        return Pad(Sign(number < 0, format) + prefix, Grouped(digits, format), format, '>');
    }

    internal static string Real(double number, FormatSpecification format, ConfigOrigin at)
    {
        var isNegative = double.IsNegative(number) && !double.IsNaN(number);
        var digits = double.IsFinite(number)
            ? Digits(Math.Abs(number), format, at)
            : PythonText.Repr(Math.Abs(number));
        digits = format.Type is 'E' or 'F' or 'G' ? digits.ToUpperInvariant() : digits;
        return Pad(Sign(isNegative, format), Grouped(digits, format), format, '>');
    }

    private static string Digits(double number, FormatSpecification format, ConfigOrigin at)
    {
        var precision = format.Precision ?? 6;
        return char.ToLowerInvariant(format.Type) switch
        {
            'f' => ExactDecimal.Fixed(number, precision),
            '%' => ExactDecimal.Fixed(number * 100, precision) + "%",
            'e' => Scientific(ExactDecimal.Significant(number, precision + 1)),
            'g' or 'n' => General(number, Math.Max(1, precision), format.IsAlternate, point: false),
            '\0' => format.Precision is null
                ? PythonText.Repr(number)
                : General(number, Math.Max(1, precision), format.IsAlternate, point: true),
            _ => throw ConfigException.AtColumn(
                at, $"the format '{format.Type}' does not fit a float. Use e, f, g or %."),
        };
    }

    private static string Scientific((string Digits, int Exponent) number)
    {
        var mantissa = number.Digits.Length == 1 ? number.Digits : $"{number.Digits[0]}.{number.Digits.AsSpan(1)}";
        return $"{mantissa}e{(number.Exponent < 0 ? '-' : '+')}{Math.Abs(number.Exponent):00}";
    }

    /// <summary>The format g: the shorter of fixed and scientific, without trailing zeros.</summary>
    private static string General(double number, int precision, bool keepZeros, bool point)
    {
        var (digits, exponent) = ExactDecimal.Significant(number, precision);
        var isFixed = exponent >= -4 && exponent < (point ? precision - 1 : precision);
        if (isFixed)
        {
            var text = ExactDecimal.Fixed(number, precision - 1 - exponent);
            text = keepZeros || !text.Contains('.') ? text : text.TrimEnd('0').TrimEnd('.');
            return point && !text.Contains('.') ? text + ".0" : text;
        }

        return Scientific((keepZeros ? digits : digits[..1] + digits[1..].TrimEnd('0'), exponent));
    }

    private static ulong Magnitude(long number) => number < 0 ? (ulong)-(number + 1) + 1 : (ulong)number;

    private static string Sign(bool isNegative, FormatSpecification format) =>
        isNegative ? "-" : format.Sign == '-' ? "" : format.Sign.ToString();

    private static string Grouped(string digits, FormatSpecification format)
    {
        if (format.Group == '\0')
        {
            return digits;
        }

        var end = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var result = new StringBuilder(digits);
        for (var i = (end < 0 ? digits.Length : end) - 3; i > 0; i -= 3)
        {
            result.Insert(i, format.Group);
        }

        return result.ToString();
    }

    private static string Pad(string sign, string text, FormatSpecification format, char defaultAlign)
    {
        var missing = format.Width - sign.Length - text.Length;
        if (missing <= 0)
        {
            return sign + text;
        }

        var left = (format.Align == '\0' ? defaultAlign : format.Align) switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        var before = new string(format.Fill[0], left);
        var after = new string(format.Fill[0], missing - left);
        return format.Align == '=' ? sign + before + text : before + sign + text + after;
    }
}
