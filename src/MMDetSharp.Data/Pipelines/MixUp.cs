using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="MixUp"/> does; names and defaults are MMDetection's.</summary>
public sealed record MixUpOptions
{
    /// <summary>Height that the other image is fitted into.</summary>
    public int Height { get; init; } = 640;

    /// <summary>Width that the other image is fitted into.</summary>
    public int Width { get; init; } = 640;

    /// <summary>The other image is scaled once more, by a factor of this range.</summary>
    public (double Low, double High) RatioRange { get; init; } = (0.5, 1.5);

    /// <summary>How likely the other image is mirrored.</summary>
    public double FlipRatio { get; init; } = 0.5;

    /// <summary>What fills the other image's margins.</summary>
    public double Fill { get; init; } = 114;

    /// <summary>How often another image is drawn in search of one with an object.</summary>
    public int MaxDraws { get; init; } = 15;

    /// <summary>Whether boxes are cut at the border.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>Which boxes of the other image are worth keeping; null for all that are on the image.</summary>
    public BoxFilter? Filter { get; init; }
}

/// <summary>
/// The average of this image and of another one at a random scale and place: YOLOX's mix-up (Ge et al.,
/// arXiv:2107.08430), after Zhang et al., arXiv:1710.09412. As MMDetection 2.x's MixUp.
/// </summary>
/// <param name="options">Size, scale, mirroring.</param>
public sealed class MixUp(MixUpOptions options) : ITransform
{
    private const double Share = 0.5;

    /// <summary>From a step of a config.</summary>
    internal static MixUp FromConfig(ConfigReader reader)
    {
        var standard = new MixUpOptions();
        var (height, width) = StepKeys.Size(reader, (standard.Height, standard.Width));
        return new(standard with
        {
            Height = height,
            Width = width,
            RatioRange = reader.FloatPairOrNull("ratio_range") ?? standard.RatioRange,
            FlipRatio = reader.Float("flip_ratio", standard.FlipRatio),
            Fill = reader.Float("pad_val", standard.Fill),
            MaxDraws = reader.Int("max_iters", standard.MaxDraws),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Filter = BoxFilter.FromConfig(reader, new BoxFilter(MinSize: 5), isOn: false),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        using var other = DrawWithObject(sample.OtherSamples("MixUp"), random);
        if (other.Boxes is not { Length: > 0 })
        {
            return true;
        }

        var scale = Fit(other) * Rescale(other, random.Uniform(options.RatioRange.Low, options.RatioRange.High));
        var flip = random.NextDouble() < options.FlipRatio;
        var canvas = other.Image.Shape;
        if (flip)
        {
            other.Image = other.Image.Flip(FlipDirection.Horizontal);
        }

        var (x, y) = CutTo(other, sample.Image.Shape, random);
        var mixed = new MixedBoxes();
        mixed.Add(sample, (1, 0, 0));
        other.MoveBoxes(boxes => Move(boxes, (float)scale, flip ? canvas : null, (x, y, sample.Image.Shape)));
        mixed.Add(other, (1, 0, 0));
        sample.Image = sample.Image.Blend(other.Image, Share);
        mixed.PutInto(sample, options.ClipBoxes);
        return true;
    }

    private Sample DrawWithObject(ISampleSource source, IRandomSource random)
    {
        var other = source.Draw(random);
        for (var draw = 1; draw < options.MaxDraws && other.Boxes is not { Length: > 0 }; draw++)
        {
            other.Dispose();
            other = source.Draw(random);
        }

        return other;
    }

    // Into the top left of the options' size; the rest is filled. Returns the factor.
    private double Fit(Sample other)
    {
        var factor = Math.Min((double)options.Height / other.Image.Height, (double)options.Width / other.Image.Width);
        other.Image = other.Image.Resize(
            Math.Max(1, (int)(other.Image.Width * factor)), Math.Max(1, (int)(other.Image.Height * factor)));
        var margin = new Padding(0, 0, options.Width - other.Image.Width, options.Height - other.Image.Height);
        other.Image = other.Image.Pad(
            margin, BorderMode.Constant, [.. Enumerable.Repeat(options.Fill, other.Image.Channels)]);
        return factor;
    }

    private static double Rescale(Sample other, double factor)
    {
        other.Image = other.Image.Resize(
            Math.Max(1, (int)(other.Image.Width * factor)), Math.Max(1, (int)(other.Image.Height * factor)));
        return factor;
    }

    // A part of the size of this image, at a random place; black where the other image is smaller.
    private static (int X, int Y) CutTo(Sample other, ImageShape shape, IRandomSource random)
    {
        var (width, height) = (Math.Max(other.Image.Width, shape.Width), Math.Max(other.Image.Height, shape.Height));
        other.Image = other.Image.Pad(new(0, 0, width - other.Image.Width, height - other.Image.Height));
        var y = height > shape.Height ? random.NextInt(0, height - shape.Height) : 0;
        var x = width > shape.Width ? random.NextInt(0, width - shape.Width) : 0;
        other.Image = other.Image.Crop(x, y, shape.Width, shape.Height);
        return (x, y);
    }

    private (float[] Boxes, bool[] Keep) Move(
        float[] boxes, float scale, ImageShape? flippedIn, (int X, int Y, ImageShape Shape) cut)
    {
        var scaled = BoxArrays.Scale(boxes, [scale, scale, scale, scale]);
        var turned = flippedIn is { } canvas ? BoxArrays.Flip(scaled, canvas, FlipDirection.Horizontal) : scaled;
        var moved = BoxArrays.Shift(turned, -cut.X, -cut.Y);
        var clipped = options.ClipBoxes ? BoxArrays.Clip(moved, cut.Shape) : moved;
        var isOn = BoxArrays.AreOn(moved, cut.Shape);
        return options.Filter is { } filter
            ? (clipped, [.. isOn.Zip(filter.Keeps(turned, clipped), (on, keep) => on && keep)])
            : (clipped, isOn);
    }
}
