using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Data.Imaging;

/// <summary>Drawing on uint8 images, in place, with anti-aliased lines. What lies outside is cut off.</summary>
public static class ImageDrawing
{
    /// <summary>Draws the frame of a rectangle.</summary>
    /// <param name="image">The uint8 image that is drawn on.</param>
    /// <param name="x1">Left.</param>
    /// <param name="y1">Top.</param>
    /// <param name="x2">Right.</param>
    /// <param name="y2">Bottom.</param>
    /// <param name="color">Of the line.</param>
    /// <param name="thickness">Of the line, in pixels.</param>
    public static void DrawRectangle(
        this Image image, double x1, double y1, double x2, double y2, Color color, int thickness)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(thickness, 1);
        Image.Check(NativeImage.DrawRectangle(image.Handle, x1, y1, x2, y2, color.ToBgr(), thickness));
    }

    /// <summary>Lays a colour over whole pixels of a rectangle.</summary>
    /// <param name="image">The uint8 image that is drawn on.</param>
    /// <param name="x">Left.</param>
    /// <param name="y">Top.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color">The colour.</param>
    /// <param name="opacity">0 leaves the image, 1 hides it.</param>
    public static void FillRectangle(
        this Image image, int x, int y, int width, int height, Color color, double opacity = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.BlendRectangle(image.Handle, x, y, width, height, color.ToBgr(), opacity));
    }

    /// <summary>Draws a line through points.</summary>
    /// <param name="image">The uint8 image that is drawn on.</param>
    /// <param name="points">x, y of each point in turn.</param>
    /// <param name="color">Of the line.</param>
    /// <param name="thickness">Of the line, in pixels.</param>
    public static void DrawLine(this Image image, ReadOnlySpan<double> points, Color color, int thickness)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.DrawLines(image.Handle, points, points.Length / 2, color.ToBgr(), thickness));
    }

    /// <summary>Writes a line of text.</summary>
    /// <param name="image">The uint8 image that is drawn on.</param>
    /// <param name="text">ASCII; other characters show as question marks.</param>
    /// <param name="x">Left end.</param>
    /// <param name="y">The base line.</param>
    /// <param name="color">Of the text.</param>
    /// <param name="style">Its size.</param>
    public static void DrawText(this Image image, string text, int x, int y, Color color, TextStyle style)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.DrawText(image.Handle, text, x, y, style.Scale, color.ToBgr(), style.Thickness));
    }

    /// <summary>How much room a line of text takes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">Its size.</param>
    public static TextSize Measure(string text, TextStyle style)
    {
        Image.Check(NativeImage.MeasureText(
            text, style.Scale, style.Thickness, out var width, out var height, out var below));
        return new(width, height, below);
    }
}
