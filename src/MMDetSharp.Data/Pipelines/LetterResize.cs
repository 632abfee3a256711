using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Resizes the picture to fit a size and fills what is left on both sides, as YOLOv5 does when testing. As the
/// reference boxes stay, unless asked for: when testing there are none.
/// </summary>
/// <param name="options">Size, colour and kind of fit.</param>
public sealed class LetterResize(LetterResizeOptions options) : ITransform
{
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
