using System.Globalization;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Engine.Visualization;

/// <summary>Score threshold, labels and zoom of a <see cref="DetectionPainter"/>.</summary>
public sealed record DetectionPainterOptions
{
    /// <summary>Boxes with a lower score are left out; boxes without a score never.</summary>
    public double ScoreThreshold { get; init; } = 0.3;

    /// <summary>Whether labels name the class.</summary>
    public bool ShowClass { get; init; } = true;

    /// <summary>Whether labels give the score.</summary>
    public bool ShowScore { get; init; } = true;

    /// <summary>Whole times that the image is enlarged first: small images have no room for text.</summary>
    public int Zoom { get; init; } = 1;
}

/// <summary>Paints boxes with class and score on images; lines and text grow with the image.</summary>
public sealed class DetectionPainter
{
    private const double LineShare = 0.003;
    private const double TextShare = 0.024;
    private const double MinTextHeight = 9;
    private const double LabelOpacity = 0.88;

    private readonly IReadOnlyList<string> _classes;
    private readonly DetectionPainterOptions _options;

    /// <param name="classes">(K): class names.</param>
    /// <param name="options">What to show.</param>
    public DetectionPainter(IReadOnlyList<string> classes, DetectionPainterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        _classes = classes;
        _options = options ?? new();
    }

    /// <summary>Paints what a detector found.</summary>
    /// <param name="image">The original image; it is not changed.</param>
    /// <param name="detections">In pixels of the original image.</param>
    /// <returns>The painted image; the caller owns it.</returns>
    public Image Paint(Image image, ImageDetections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        return Paint(image, [.. detections.Objects.Select(
            one => new PaintedBox(one.X1, one.Y1, one.X2, one.Y2, one.Label, one.Score))]);
    }

    /// <summary>Paints what a detector found on its image file, and writes the painted one.</summary>
    /// <param name="detections">Its <see cref="ImageDetections.FileName"/> is read.</param>
    /// <param name="path">The file to write; its folder is made where it is missing.</param>
    /// <exception cref="ImageException">The image cannot be read or written.</exception>
    public void Save(ImageDetections detections, string path)
    {
        ArgumentNullException.ThrowIfNull(detections);
        using var image = ImageFile.Read(detections.FileName);
        using var painted = Paint(image, detections);
        ImageFile.Write(painted, path);
    }

    /// <summary>Paints boxes with a label each, the better scores on top.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="boxes">In its pixels.</param>
    /// <returns>The painted image, uint8 BGR; the caller owns it.</returns>
    public Image Paint(Image image, IReadOnlyList<PaintedBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(boxes);
        var canvas = Canvas(image);
        var shown = boxes.Where(box => !(box.Score < _options.ScoreThreshold)).Select(Zoomed)
            .OrderBy(box => box.Score ?? 1).ToList();
        foreach (var box in shown)
        {
            PaintFrame(canvas, box);
        }

        var layout = new LabelLayout(canvas.Width, canvas.Height);
        foreach (var box in Enumerable.Reverse(shown))
        {
            PaintLabel(canvas, layout, box);
        }

        return canvas;
    }

    private static void PaintFrame(Image canvas, PaintedBox box)
    {
        var color = Palette.At(box.Label);
        var line = Math.Max(1, (int)Math.Round((canvas.Width + canvas.Height) / 2.0 * LineShare));
        canvas.DrawRectangle(box.X1, box.Y1, box.X2, box.Y2, color.Darker(0.35), line + 2);  // stands out from its like
        canvas.DrawRectangle(box.X1, box.Y1, box.X2, box.Y2, color, line);
    }

    private void PaintLabel(Image canvas, LabelLayout layout, PaintedBox box)
    {
        var text = Text(box);
        if (text.Length == 0)
        {
            return;
        }

        var height = Math.Max(MinTextHeight, Math.Min(canvas.Width, canvas.Height) * TextShare);
        var (style, size) = Fit(text, height, canvas.Width);
        var margin = (int)Math.Round(height / 3);
        var place = layout.Find(box, size.Width + (2 * margin), size.Ascent + size.Descent + margin);
        var color = Palette.At(box.Label);
        canvas.FillRectangle(place.X, place.Y, place.Width, place.Height, color, LabelOpacity);
        canvas.DrawText(text, place.X + margin, place.Y + size.Ascent + (margin / 2), color.Ink, style);
    }

    // A label wider than the image is written smaller.
    private static (TextStyle Style, TextSize Size) Fit(string text, double height, int width)
    {
        var style = TextStyle.OfHeight(height);
        var size = ImageDrawing.Measure(text, style);
        var room = width - (2 * height / 3);
        if (size.Width <= room)
        {
            return (style, size);
        }

        var smaller = style with { Scale = style.Scale * Math.Max(0.2, room / size.Width), Thickness = 1 };
        return (smaller, ImageDrawing.Measure(text, smaller));
    }

    private string Text(PaintedBox box)
    {
        var name = _options.ShowClass ? Name(box.Label) : "";
        var score = _options.ShowScore && box.Score is { } value
            ? value.ToString("0.00", CultureInfo.InvariantCulture)
            : "";
        return $"{name} {score}".Trim();
    }

    // The strokes have ASCII characters only.
    private string Name(int label)
    {
        var name = label >= 0 && label < _classes.Count ? _classes[label] : "";
        return name.Length > 0 && name.All(char.IsAscii) ? name : $"class {label}";
    }

    private PaintedBox Zoomed(PaintedBox box) => box with
    {
        X1 = box.X1 * _options.Zoom,
        Y1 = box.Y1 * _options.Zoom,
        X2 = box.X2 * _options.Zoom,
        Y2 = box.Y2 * _options.Zoom,
    };

    private Image Canvas(Image image)
    {
        using var bytes = image.ToPixelType(PixelType.UInt8);
        using var color = bytes.Channels == 1 ? bytes.ToColor(ColorConversion.GrayToBgr) : bytes.Clone();
        return _options.Zoom == 1
            ? color.Clone()
            : color.Resize(color.Width * _options.Zoom, color.Height * _options.Zoom, Interpolation.Bicubic);
    }
}

/// <summary>A box to paint, in pixels of the image.</summary>
/// <param name="X1">Left.</param>
/// <param name="Y1">Top.</param>
/// <param name="X2">Right.</param>
/// <param name="Y2">Bottom.</param>
/// <param name="Label">Index of the class.</param>
/// <param name="Score">0 to 1; null for an annotated object, which has none.</param>
public readonly record struct PaintedBox(double X1, double Y1, double X2, double Y2, int Label, double? Score = null);
