using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Size, margins and scaling of <see cref="LetterResize"/>.</summary>
public sealed record LetterResizeOptions
{
    /// <summary>Height of the letterbox in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the letterbox in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>(C): the margins' colour.</summary>
    public IReadOnlyList<double> Color { get; init; } = [114, 114, 114];

    /// <summary>
    /// Whether margins are cut to what is left over <see cref="Stride"/>: a rectangle, not the full size. In
    /// rectangular batches the batch has its size.
    /// </summary>
    public bool Auto { get; init; } = true;

    /// <summary>The network's largest stride: YOLOv5's is 32, or 64 with four outputs. As the reference: 64.</summary>
    public int Stride { get; init; } = 64;

    /// <summary>Whether the image is stretched to the whole size; works only without <see cref="Auto"/>.</summary>
    public bool ScaleFill { get; init; }

    /// <summary>Whether a smaller image is made larger.</summary>
    public bool ScaleUp { get; init; } = true;

    /// <summary>Whether boxes go with the image, as training needs it; the reference leaves them.</summary>
    public bool MoveBoxes { get; init; }
}

/// <summary>
/// Resizes the image to fit a size and fills what is left on both sides, as YOLOv5 does when testing. As the
/// reference boxes stay, unless asked for: when testing there are none.
/// </summary>
/// <param name="options">Size, colour and kind of fit.</param>
public sealed class LetterResize(LetterResizeOptions options) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static LetterResize FromConfig(ConfigReader reader)
    {
        reader.ChoiceOr("backend", "cv2", "cv2");
        var size = reader.IntPairOrOne("img_scale") ?? throw reader.Error("img_scale", "is missing. Add img_scale=(640, 640).");
        return new(new LetterResizeOptions
        {
            Height = size.First,
            Width = size.Second,
            Color = reader.Floats("color", [114, 114, 114]),
            Auto = reader.Bool("auto", true),
            Stride = reader.Positive("stride", 64),
            ScaleFill = reader.Bool("scaleFill", false),
            ScaleUp = reader.Bool("scaleup", true),
            MoveBoxes = reader.Bool("move_boxes", false),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var shape = sample.Image.Shape;
        var (fullHeight, fullWidth) = sample.BatchShape is { } batch
            ? (batch.Height, batch.Width)
            : (options.Height, options.Width);
        var ratio = Math.Min((double)fullHeight / shape.Height, (double)fullWidth / shape.Width);
        ratio = options.ScaleUp ? ratio : Math.Min(ratio, 1);
        var (width, height) = ((int)Math.Round(shape.Width * ratio), (int)Math.Round(shape.Height * ratio));
        var (marginX, marginY) = ((double)(fullWidth - width), (double)(fullHeight - height));
        var (scaleX, scaleY) = ((float)ratio, (float)ratio);
        if (options.Auto && sample.BatchShape is null)
        {
            (marginX, marginY) = (marginX % options.Stride, marginY % options.Stride);
        }
        else if (options.ScaleFill)
        {
            (marginX, marginY, width, height) = (0, 0, fullWidth, fullHeight);
            (scaleX, scaleY) = ((float)((double)width / shape.Width), (float)((double)height / shape.Height));
        }

        sample.Image = sample.Image.Resize(width, height);
        sample.ImageShape = sample.Image.Shape;
        if (options.MoveBoxes)
        {
            float[] scale = [scaleX, scaleY, scaleX, scaleY];
            sample.ChangeBoxes(boxes => BoxArrays.Scale(boxes, scale));
        }

        var before = sample.ScaleFactor ?? [1, 1, 1, 1]; // of a resize to the longer side
        (scaleX, scaleY) = (scaleX * before[0], scaleY * before[1]);
        sample.ScaleFactor = [scaleX, scaleY, scaleX, scaleY];
        AddMargins(sample, marginX / 2, marginY / 2);
        return true;
    }

    // An odd margin is larger on the right and below.
    private void AddMargins(Sample sample, double x, double y)
    {
        var (top, bottom) = ((int)Math.Round(y - 0.1), (int)Math.Round(y + 0.1));
        var (left, right) = ((int)Math.Round(x - 0.1), (int)Math.Round(x + 0.1));
        sample.Image = sample.Image.Pad(new(left, top, right, bottom), BorderMode.Constant, [.. options.Color]);
        sample.PadShape = sample.Image.Shape;
        sample.PadParameters = [top, bottom, left, right];
        if (options.MoveBoxes)
        {
            sample.ChangeBoxes(boxes => BoxArrays.Shift(boxes, left, top));
        }
    }
}
