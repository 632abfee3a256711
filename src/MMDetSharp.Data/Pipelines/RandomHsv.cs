using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Changes hue, saturation and value of a uint8 image at random: MMDetection's YOLOXHSVRandomAug, or YOLOv5's
/// augment_hsv.
/// </summary>
/// <param name="draw">Whether the changes are added or multiplied.</param>
/// <param name="hue">The largest change of the hue; OpenCV's hue goes from 0 to 180.</param>
/// <param name="saturation">The largest change of the saturation.</param>
/// <param name="value">The largest change of the value.</param>
public sealed class RandomHsv(HsvDraw draw, double hue, double saturation, double value) : ITransform
{
    private const int HueCount = 180;

    /// <summary>From a step of YOLOX's.</summary>
    internal static RandomHsv FromYoloX(ConfigReader reader) => new(
        HsvDraw.Sum,
        reader.Float("hue_delta", 5),
        reader.Float("saturation_delta", 30),
        reader.Float("value_delta", 30));

    /// <summary>From a step of YOLOv5's.</summary>
    internal static RandomHsv FromYoloV5(ConfigReader reader) => new(
        HsvDraw.Factor,
        reader.Float("hue_delta", 0.015),
        reader.Float("saturation_delta", 0.7),
        reader.Float("value_delta", 0.4));

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (sample.Image.PixelType != PixelType.UInt8)
        {
            throw new PipelineException(
                "RandomHsv: the image must have uint8 values. Put it before Normalize, and load without to_float32.");
        }

        var tables = Tables(Array.ConvertAll([hue, saturation, value], most => random.Uniform(-1, 1) * most), random);
        using var hsv = sample.Image.ToColor(ColorConversion.BgrToHsv);
        var bytes = hsv.Bytes;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = tables[i % 3][bytes[i]];
        }

        sample.Image = hsv.ToColor(ColorConversion.HsvToBgr);
        return true;
    }

    // (3, 256): what becomes of each hue, saturation and value.
    private byte[][] Tables(double[] changes, IRandomSource random)
    {
        Func<int, int, double> change = (channel, old) => old * (1 + changes[channel]);
        if (draw == HsvDraw.Sum)
        {
            var sums = Array.ConvertAll(changes, most => (int)(most * random.NextInt(0, 2)));
            change = (channel, old) => old + sums[channel];
        }

        return
        [
            [.. Enumerable.Range(0, 256).Select(old => (byte)Modulo(change(0, old), HueCount))],
            [.. Enumerable.Range(0, 256).Select(old => (byte)Math.Clamp(change(1, old), 0, 255))],
            [.. Enumerable.Range(0, 256).Select(old => (byte)Math.Clamp(change(2, old), 0, 255))],
        ];
    }

    private static double Modulo(double value, double divisor) => value - (Math.Floor(value / divisor) * divisor);
}

/// <summary>How <see cref="RandomHsv"/> changes hue, saturation and value.</summary>
public enum HsvDraw
{
    /// <summary>Adds up to so much either way, each channel or not by the toss of a coin: YOLOX.</summary>
    Sum,

    /// <summary>Multiplies by 1 plus or minus up to so much: YOLOv5.</summary>
    Factor,
}
