using System.Globalization;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>Three digits after the point, as Python's <c>'{:.3f}'</c> gives them.</summary>
internal static class Rounded
{
    /// <summary>The text, such as 0.364 or -1.000; nan where there is no number.</summary>
    internal static string Text(double value) =>
        double.IsNaN(value) ? "nan" : Value(value).ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>The number that the text stands for.</summary>
    internal static double Value(double value)
    {
        // Halves between two texts are exact only for odd sixteenths: Python takes the even digit, .NET the larger.
        var sixteenths = value * 16;
        return sixteenths == Math.Floor(sixteenths) || !double.IsFinite(value)
            ? Math.Round(value * 1000, MidpointRounding.ToEven) / 1000
            : double.Parse(value.ToString("F3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
