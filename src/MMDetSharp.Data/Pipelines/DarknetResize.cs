using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Resizes image and boxes as AlexeyAB's Darknet does where it detects: stretched to the network's size, or, with a
/// letter box, fitted into it on grey (image.c, resize_image and letterbox_image).
/// </summary>
/// <param name="width">The network's, in pixels.</param>
/// <param name="height">The network's, in pixels.</param>
/// <param name="letterBox">Whether the image keeps its ratio.</param>
public sealed class DarknetResize(int width, int height, bool letterBox) : ITransform
{
    private const double Grey = 127.5;

    /// <summary>From a step of a config.</summary>
    internal static DarknetResize FromConfig(ConfigReader reader)
    {
        var (width, height) = reader.IntPairOrOne("size") ?? throw reader.Error("size", "is missing. Write size=(416, 416).");
        return width > 0 && height > 0
            ? new(width, height, reader.Bool("letter_box", false))
            : throw reader.Error("size", $"must be positive, got ({width}, {height}). Correct it.");
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var old = sample.Image.Shape;
        var (newWidth, newHeight) = letterBox ? Fit(old) : (width, height);
        sample.Image = CornerResize.Apply(sample.Image, newWidth, newHeight);
        sample.ImageShape = sample.Image.Shape;
        var (x, y) = ((float)newWidth / old.Width, (float)newHeight / old.Height);
        sample.ScaleFactor = [x, y, x, y];
        sample.ChangeBoxes(boxes => BoxArrays.Scale(boxes, sample.ScaleFactor));
        if (letterBox)
        {
            AddMargins(sample, width - newWidth, height - newHeight);
        }

        sample.PadShape = sample.Image.Shape;
        return true;
    }

    private (int Width, int Height) Fit(ImageShape image) =>
        (float)width / image.Width < (float)height / image.Height
            ? (width, image.Height * width / image.Width)
            : (image.Width * height / image.Height, height);

    // An odd margin is larger on the right and below; Darknet moves boxes by exact halves all the same.
    private static void AddMargins(Sample sample, int x, int y)
    {
        var (left, top) = (x / 2, y / 2);
        sample.Image = sample.Image.Pad(new(left, top, x - left, y - top), BorderMode.Constant, [Grey, Grey, Grey]);
        sample.PadParameters = [y / 2f, y / 2f, x / 2f, x / 2f];
        sample.ChangeBoxes(boxes => [.. boxes.Select((value, i) => value + (i % 2 == 0 ? left : top))]);
    }
}
