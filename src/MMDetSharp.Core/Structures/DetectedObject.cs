using System.Globalization;

namespace MMDetSharp.Core.Structures;

/// <summary>An object found in an image.</summary>
/// <param name="X1">Left edge, in pixels of the original image.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Lower edge.</param>
/// <param name="Score">How sure the model is, usually 0 to 1.</param>
/// <param name="Label">The class, 0 to K - 1.</param>
/// <param name="ClassName">The class in words.</param>
public readonly record struct DetectedObject(
    float X1, float Y1, float X2, float Y2, float Score, int Label, string ClassName)
{
    /// <summary>X2 - X1.</summary>
    public float Width => X2 - X1;

    /// <summary>Y2 - Y1.</summary>
    public float Height => Y2 - Y1;

    /// <summary>In words: <c>dog 0.93 (12.0, 30.5, 80.0, 99.5)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{ClassName} {Score:F2} ({X1:F1}, {Y1:F1}, {X2:F1}, {Y2:F1})");
}
