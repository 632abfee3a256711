using System.Globalization;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Values as numbers; Python counts True as 1.</summary>
internal static class Numbers
{
    internal static bool IsInteger(ConfigValue value, out long number)
    {
        switch (value)
        {
            case ConfigScalar { Content: long integer }:
                number = integer;
                return true;
            case ConfigScalar { Content: bool truth }:
                number = truth ? 1 : 0;
                return true;
            default:
                number = 0;
                return false;
        }
    }

    internal static bool IsNumber(ConfigValue value, out double number)
    {
        if (value is ConfigScalar { Content: double real })
        {
            number = real;
            return true;
        }

        var isInteger = IsInteger(value, out var integer);
        number = integer;
        return isInteger;
    }

    internal static bool AreIntegers(ConfigValue a, ConfigValue b, out long x, out long y)
    {
        y = 0;
        return IsInteger(a, out x) && IsInteger(b, out y);
    }

    internal static bool AreNumbers(ConfigValue a, ConfigValue b, out double x, out double y)
    {
        y = 0;
        return IsNumber(a, out x) && IsNumber(b, out y);
    }

    /// <summary>Python's <c>int(text)</c>.</summary>
    internal static bool TryInteger(string text, out long number)
    {
        text = text.Trim();
        number = 0;
        return IsGrouped(text) && long.TryParse(
            text.Replace("_", ""), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Python's <c>float(text)</c>.</summary>
    internal static bool TryReal(string text, out double number)
    {
        text = text.Trim();
        var unsigned = text.TrimStart('+', '-');
        if (text.Length - unsigned.Length <= 1 && Special(unsigned) is { } special)
        {
            number = text[0] == '-' ? -special : special;
            return true;
        }

        number = 0;
        return unsigned.Length > 0 && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.') && IsGrouped(text) &&
            double.TryParse(text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static double? Special(string text) => text.ToLowerInvariant() switch
    {
        "inf" or "infinity" => double.PositiveInfinity,
        "nan" => double.NaN,
        _ => null,
    };

    /// <summary>Underscores may stand only between digits.</summary>
    private static bool IsGrouped(string text)
    {
        for (var i = text.IndexOf('_'); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i == 0 || i == text.Length - 1 || !char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1]))
            {
                return false;
            }
        }

        return true;
    }
}
