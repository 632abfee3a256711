using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="Mosaic"/> does; names and defaults are MMDetection's.</summary>
public sealed record MosaicOptions
{
    /// <summary>Height of a quarter: half the height of the result.</summary>
    public int Height { get; init; } = 640;

    /// <summary>Width of a quarter: half the width of the result.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Where the four images meet, in parts of a quarter from the top left.</summary>
    public (double Low, double High) CenterRange { get; init; } = (0.5, 1.5);

    /// <summary>What fills places without an image.</summary>
    public double Fill { get; init; } = 114;

    /// <summary>How likely a sample becomes a mosaic.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether boxes are cut at the border of the result.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>With a filter: boxes with a shorter side are dropped. Null for no filter.</summary>
    public double? MinBoxSize { get; init; }
}

/// <summary>
/// Joins this image and three others of the data set around a point drawn at random: YOLOv4 (Bochkovskiy et al.,
/// arXiv:2004.10934, section 3.3). The result has twice the height and width asked for; a random affine map behind
/// it brings it back.
/// </summary>
/// <remarks>As MMDetection 2.x's and, with square sizes, YOLOv5's load_mosaic.</remarks>
/// <param name="options">Size, centre, filling.</param>
public sealed class Mosaic(MosaicOptions options) : ITransform
{
    private enum Corner
    {
        TopLeft,
        TopRight,
        BottomLeft,
        BottomRight,
    }

    /// <summary>From a step of a config.</summary>
    internal static Mosaic FromConfig(ConfigReader reader)
    {
        var standard = new MosaicOptions();
        var (height, width) = StepKeys.Size(reader, (standard.Height, standard.Width));
        reader.Ignore("use_cached", "max_cached_images", "random_pop", "max_refetch");
        var leastSize = reader.Float("min_bbox_size", 0);
        return new(standard with
        {
            Height = height,
            Width = width,
            CenterRange = reader.FloatPairOrNull("center_ratio_range") ?? standard.CenterRange,
            Fill = reader.Float("pad_val", standard.Fill),
            Probability = StepKeys.Probability(reader, standard.Probability),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            MinBoxSize = reader.Bool("skip_filter", true) ? null : leastSize,
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (random.NextDouble() >= options.Probability)
        {
            return true;
        }

        var (low, high) = options.CenterRange;
        var center = (
            X: (int)(random.Uniform(low, high) * options.Width), Y: (int)(random.Uniform(low, high) * options.Height));
        var image = Image.Create(
            new(2 * options.Height, 2 * options.Width, sample.Image.Channels), sample.Image.PixelType,
            [.. Enumerable.Repeat(options.Fill, sample.Image.Channels)]);
        var boxes = new MixedBoxes();
        try
        {
            boxes.Add(sample, Place(image, sample, center, Corner.TopLeft));
            for (var corner = Corner.TopRight; corner <= Corner.BottomRight; corner++)
            {
                using var other = sample.OtherSamples("Mosaic").Draw(random);
                boxes.Add(other, Place(image, other, center, corner));
            }
        }
        catch
        {
            image.Dispose();
            throw;
        }

        sample.ReplaceImage(image);
        boxes.PutInto(sample, options.ClipBoxes);
        if (options.MinBoxSize is { } smallest)
        {
            sample.KeepBoxes(all => BoxArrays.AreLonger(all, smallest));
        }

        return true;
    }

    // Fits the image into a quarter, lays its inner corner at the centre, and cuts what does not fit the result.
    private (float Scale, float X, float Y) Place(Image target, Sample sample, (int X, int Y) center, Corner corner)
    {
        var scale = Math.Min((double)options.Height / sample.Image.Height, (double)options.Width / sample.Image.Width);
        using var image = sample.Image.Resize(
            Math.Max(1, (int)(sample.Image.Width * scale)), Math.Max(1, (int)(sample.Image.Height * scale)));
        var left = corner is Corner.TopLeft or Corner.BottomLeft ? center.X - image.Width : center.X;
        var top = corner is Corner.TopLeft or Corner.TopRight ? center.Y - image.Height : center.Y;
        var (x1, y1) = (Math.Max(left, 0), Math.Max(top, 0));
        var (x2, y2) = (Math.Min(left + image.Width, target.Width), Math.Min(top + image.Height, target.Height));
        if (x2 > x1 && y2 > y1)
        {
            using var part = image.Crop(x1 - left, y1 - top, x2 - x1, y2 - y1);
            target.PasteInPlace(part, x1, y1);
        }

        return ((float)scale, left, top);
    }
}
