using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Scales of <see cref="Resize"/>, and how one is drawn for an image.</summary>
public sealed record ResizeOptions
{
    /// <summary>One scale, or those to draw from. Empty only inside <see cref="MultiScaleFlipAug"/>, which asks for one.</summary>
    public IReadOnlyList<ImageScale> Scales { get; init; } = [];

    /// <summary>How to draw from several scales.</summary>
    public MultiscaleMode MultiscaleMode { get; init; } = MultiscaleMode.Range;

    /// <summary>Draws a factor from this range for the one scale; null for no such factor.</summary>
    public (double Low, double High)? RatioRange { get; init; }

    /// <summary>Whether to keep the ratio of width and height: as large as fits the scale's long and short edge.</summary>
    public bool KeepRatio { get; init; } = true;

    /// <summary>Whether boxes are clipped to the image.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>Whether a sample that has been resized may be resized again.</summary>
    public bool Override { get; init; }
}

/// <summary>Resizes image and boxes to a scale: a fixed one, one drawn at random, or the one that was asked for.</summary>
public sealed class Resize : ITransform
{
    private readonly ResizeOptions _options;

    /// <param name="options">Scales and how to draw from them.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public Resize(ResizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var count = options.Scales.Count;
        if (options.RatioRange is { } range && (count != 1 || range.Low > range.High))
        {
            throw new ArgumentException(
                $"Resize: ratio_range must be (low, high) with one img_scale, got {range} with {count}. " +
                "Give one scale, or leave ratio_range out.");
        }

        if (options.RatioRange is null && options.MultiscaleMode == MultiscaleMode.Range && count > 2)
        {
            throw new ArgumentException(
                $"Resize: multiscale_mode='range' must have two scales, got {count}. Use multiscale_mode='value'.");
        }
    }

    /// <summary>From a step of a config.</summary>
    internal static Resize FromConfig(ConfigReader reader)
    {
        reader.ChoiceOr("backend", "cv2", "cv2");
        return new(new ResizeOptions
        {
            Scales = StepKeys.Scales(reader),
            MultiscaleMode = reader.ChoiceOr("multiscale_mode", "range", "range", "value") == "value"
                ? MultiscaleMode.Value
                : MultiscaleMode.Range,
            RatioRange = reader.FloatPairOrNull("ratio_range"),
            KeepRatio = reader.Bool("keep_ratio", true),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Override = reader.Bool("override", false),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var scale = Scale(sample, random);
        var old = sample.Image.Shape;
        var (width, height) = _options.KeepRatio ? Fit(old, scale) : (scale.Width, scale.Height);

        sample.Image = sample.Image.Resize(width, height);
        sample.ImageShape = sample.Image.Shape;
        sample.PadShape = sample.Image.Shape;
        var (x, y) = ((float)((double)width / old.Width), (float)((double)height / old.Height));
        sample.ScaleFactor = [x, y, x, y];
        sample.ChangeBoxes(boxes => ResizeBoxes(boxes, sample));
        return true;
    }

    /// <summary>The largest size of the same ratio whose edges fit the scale's long and short edge.</summary>
    internal static (int Width, int Height) Fit(ImageShape shape, ImageScale scale)
    {
        var (width, height) = ((double)shape.Width, (double)shape.Height);
        var factor = Math.Min(scale.LongEdge / Math.Max(width, height), scale.ShortEdge / Math.Min(width, height));
        return ((int)((width * factor) + 0.5), (int)((height * factor) + 0.5));
    }

    private ImageScale Scale(Sample sample, IRandomSource random)
    {
        if (sample.RequestedScale is { } requested)
        {
            return requested;
        }

        if (sample.RequestedScaleFactor is { } factor)
        {
            return new((int)(sample.Image.Width * factor), (int)(sample.Image.Height * factor));
        }

        if (sample.ScaleFactor is not null && !_options.Override)
        {
            throw new PipelineException(
                $"Resize: {sample.FileName} has been resized already. Keep one Resize, or set override=True in the second.");
        }

        return Draw(random);
    }

    private ImageScale Draw(IRandomSource random)
    {
        var scales = _options.Scales;
        if (scales.Count == 0)
        {
            throw new PipelineException(
                "Resize: img_scale must be set where no MultiScaleFlipAug gives one. Write img_scale=(1333, 800).");
        }

        if (_options.RatioRange is { } range)
        {
            var ratio = (random.NextDouble() * (range.High - range.Low)) + range.Low;
            return new((int)(scales[0].Width * ratio), (int)(scales[0].Height * ratio));
        }

        return scales.Count == 1 ? scales[0]
            : _options.MultiscaleMode == MultiscaleMode.Value ? scales[random.NextInt(0, scales.Count)]
            : new(Between(random, scales, scale => scale.LongEdge), Between(random, scales, scale => scale.ShortEdge));
    }

    private static int Between(IRandomSource random, IReadOnlyList<ImageScale> scales, Func<ImageScale, int> edge) =>
        random.NextInt(scales.Min(edge), scales.Max(edge) + 1);

    private float[] ResizeBoxes(float[] boxes, Sample sample)
    {
        var scaled = BoxArrays.Scale(boxes, sample.ScaleFactor!);
        return _options.ClipBoxes ? BoxArrays.Clip(scaled, sample.ImageShape) : scaled;
    }
}

/// <summary>How <see cref="Resize"/> draws from several scales.</summary>
public enum MultiscaleMode
{
    /// <summary>Both edges at random between those of two scales.</summary>
    Range,

    /// <summary>One of the scales, drawn at random.</summary>
    Value,
}
