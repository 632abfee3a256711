using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Places the image at random on a larger one of a single colour, so that objects get smaller.</summary>
public sealed class Expand : ITransform
{
    private readonly double[] _fill;
    private readonly (double Low, double High) _ratio;
    private readonly double _probability;

    /// <param name="fill">(C): the colour, in the order of the image's channels.</param>
    /// <param name="ratioLow">Least times that the sides grow.</param>
    /// <param name="ratioHigh">Most times that the sides grow.</param>
    /// <param name="probability">How likely it is done.</param>
    /// <exception cref="ArgumentException">The ratios are below 1 or in the wrong order.</exception>
    public Expand(IReadOnlyList<double> fill, double ratioLow = 1, double ratioHigh = 4, double probability = 0.5)
    {
        ArgumentNullException.ThrowIfNull(fill);
        if (ratioLow < 1 || ratioHigh < ratioLow)
        {
            throw new ArgumentException(
                $"Expand: ratio_range must be (low, high) with 1 <= low <= high, got ({ratioLow}, {ratioHigh}).");
        }

        _fill = [.. fill];
        _ratio = (ratioLow, ratioHigh);
        _probability = probability;
    }

    /// <summary>From a step of a config.</summary>
    internal static Expand FromConfig(ConfigReader reader)
    {
        reader.Ignore("seg_ignore_label");
        var (low, high) = reader.FloatPairOrNull("ratio_range") ?? (1, 4);
        return new(StepKeys.Bgr(reader, reader.Floats("mean", [0, 0, 0])), low, high, reader.Float("prob", 0.5));
    }

    /// <inheritdoc/>
    /// <remarks>As the reference: the image shape in the sample's history stays that of the smaller image.</remarks>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (random.Uniform(0, 1) > _probability)
        {
            return true;
        }

        var image = sample.Image;
        var ratio = random.Uniform(_ratio.Low, _ratio.High);
        var (height, width) = ((int)(image.Height * ratio), (int)(image.Width * ratio));
        var left = (int)random.Uniform(0, (image.Width * ratio) - image.Width);
        var top = (int)random.Uniform(0, (image.Height * ratio) - image.Height);
        var canvas = Image.Create(new ImageShape(height, width, image.Channels), image.PixelType, Fill(image.PixelType));
        canvas.PasteInPlace(image, left, top);
        sample.Image = canvas;
        sample.ChangeBoxes(boxes => BoxArrays.Shift(boxes, left, top));
        return true;
    }

    // As the reference: numpy cuts the fraction off where the image holds bytes.
    private double[] Fill(PixelType type) =>
        type == PixelType.UInt8 ? Array.ConvertAll(_fill, Math.Truncate) : _fill;
}
