using System.Globalization;
using System.Text;

namespace MMDetSharp.Engine.Progress;

/// <summary>Numbers and lines as the reference's logs have them.</summary>
internal static class LogText
{
    private const int Decimals = 5;

    /// <summary>Python's text of a duration, without parts of a second: <c>1 day, 2:03:04</c>.</summary>
    internal static string Duration(TimeSpan time)
    {
        var clock = string.Create(CultureInfo.InvariantCulture, $"{time.Hours}:{time.Minutes:00}:{time.Seconds:00}");
        return time.Days switch
        {
            0 => clock,
            1 => $"1 day, {clock}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} days, {clock}"),
        };
    }

    /// <summary>A value in a line for people: numbers with four decimals.</summary>
    internal static string Value(object value) => value is double number
        ? number.ToString("F4", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>One line of JSON as Python writes it; numbers are rounded to five decimals.</summary>
    internal static string Json(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in values)
        {
            text.Append(text.Length > 1 ? ", " : "").Append(Quote(name)).Append(": ").Append(Json(value));
        }

        return text.Append('}').ToString();
    }

    private static string Json(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        bool truth => truth ? "true" : "false",
        double number => Json(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // Python's json module reads and writes NaN and Infinity; so does the reference's log.
    private static string Json(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        var text = Math.Round(number, Decimals).ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string Quote(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
