namespace MMDetSharp.Data.Imaging;

/// <summary>How text is drawn: OpenCV's sans-serif strokes, anti-aliased. They have ASCII characters only.</summary>
/// <param name="Scale">1 gives capitals of 22 pixels.</param>
/// <param name="Thickness">Of the strokes, in pixels.</param>
public readonly record struct TextStyle(double Scale, int Thickness)
{
    private const double CapitalHeight = 22;

    /// <summary>The style whose capitals have a height, with strokes to match.</summary>
    /// <param name="pixels">Height of a capital.</param>
    public static TextStyle OfHeight(double pixels) =>
        new(pixels / CapitalHeight, Math.Max(1, (int)Math.Round(pixels / 12)));
}
