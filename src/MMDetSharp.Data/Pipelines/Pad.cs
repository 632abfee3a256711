using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Adds a margin right of and below the image, up to a size or to a multiple of a number.</summary>
public sealed class Pad : ITransform
{
    private readonly Func<ImageShape, (int Height, int Width)> _target;
    private readonly double[] _fill;

    private Pad(Func<ImageShape, (int Height, int Width)> target, double[] fill)
    {
        _target = target;
        _fill = fill;
    }

    /// <summary>Pads to a fixed size.</summary>
    /// <param name="height">Not below that of any image.</param>
    /// <param name="width">Not below that of any image.</param>
    /// <param name="fill">One value per channel; missing ones are 0.</param>
    /// <remarks>As the reference: a single <c>pad_val</c> fills the first channel only.</remarks>
    public static Pad ToSize(int height, int width, params double[] fill) => new(_ => (height, width), fill);

    /// <summary>Pads both sides to a multiple of a number.</summary>
    /// <param name="divisor">Usually 32, the network's largest stride.</param>
    /// <param name="fill">One value per channel; missing ones are 0.</param>
    /// <exception cref="ArgumentException">The divisor is not positive.</exception>
    public static Pad ToMultiple(int divisor, params double[] fill) => divisor > 0
        ? new(shape => (RoundUp(shape.Height, divisor), RoundUp(shape.Width, divisor)), fill)
        : throw new ArgumentException($"Pad: size_divisor must be positive, got {divisor}.");

    /// <summary>From a step of a config.</summary>
    internal static Pad FromConfig(ConfigReader reader)
    {
        var fill = reader.FloatsOrOne("pad_val") ?? [];
        var size = reader.IntPairOrNull("size");
        var divisor = reader.IntOrNull("size_divisor");
        return (size, divisor) switch
        {
            ({ } fixedSize, null) => ToSize(fixedSize.First, fixedSize.Second, fill),
            (null, { } multiple) => ToMultiple(multiple, fill),
            _ => throw new ArgumentException("Pad: one of size and size_divisor must be set. Write size_divisor=32."),
        };
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var shape = sample.Image.Shape;
        var (height, width) = _target(shape);
        if (height < shape.Height || width < shape.Width)
        {
            throw new PipelineException(
                $"Pad: size must be at least that of the image, got ({height}, {width}) for {shape}. " +
                "Resize to a smaller scale, or pad to a larger size.");
        }

        if (height > shape.Height || width > shape.Width)
        {
            var margin = new Padding(0, 0, width - shape.Width, height - shape.Height);
            sample.Image = sample.Image.Pad(margin, BorderMode.Constant, _fill);
        }

        sample.PadShape = sample.Image.Shape;
        return true;
    }

    private static int RoundUp(int value, int divisor) => (value + divisor - 1) / divisor * divisor;
}
