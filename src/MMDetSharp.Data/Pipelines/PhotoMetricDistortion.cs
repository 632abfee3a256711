using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>By how much <see cref="PhotoMetricDistortion"/> changes brightness, contrast, saturation and hue.</summary>
public sealed record PhotoMetricDistortionOptions
{
    /// <summary>Brightness changes by up to this much, of 255.</summary>
    public double BrightnessDelta { get; init; } = 32;

    /// <summary>Contrast is multiplied by a number of this range.</summary>
    public (double Low, double High) ContrastRange { get; init; } = (0.5, 1.5);

    /// <summary>Saturation is multiplied by a number of this range.</summary>
    public (double Low, double High) SaturationRange { get; init; } = (0.5, 1.5);

    /// <summary>Hue changes by up to this many degrees.</summary>
    public double HueDelta { get; init; } = 18;
}

/// <summary>
/// Changes colours, each step with probability 0.5: brightness, contrast (before or after the rest), saturation, hue,
/// order of the channels. SSD, arXiv:1512.02325, section 2.2.
/// </summary>
/// <param name="options">How far each step goes.</param>
public sealed class PhotoMetricDistortion(PhotoMetricDistortionOptions options) : ITransform
{
    private const float FullCircle = 360;

    /// <summary>From a step of a config.</summary>
    internal static PhotoMetricDistortion FromConfig(ConfigReader reader)
    {
        var standard = new PhotoMetricDistortionOptions();
        return new(new PhotoMetricDistortionOptions
        {
            BrightnessDelta = reader.Float("brightness_delta", standard.BrightnessDelta),
            ContrastRange = reader.FloatPairOrNull("contrast_range") ?? standard.ContrastRange,
            SaturationRange = reader.FloatPairOrNull("saturation_range") ?? standard.SaturationRange,
            HueDelta = reader.Float("hue_delta", standard.HueDelta),
        });
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (sample.Image.PixelType != PixelType.Float32)
        {
            throw new PipelineException(
                "PhotoMetricDistortion: the image must be float32. Set to_float32=True in LoadImageFromFile.");
        }

        if (Coin(random))
        {
            var delta = random.Uniform(-options.BrightnessDelta, options.BrightnessDelta);
            sample.Image.AddInPlace((float)delta);
        }

        var contrastFirst = Coin(random);
        if (contrastFirst)
        {
            ChangeContrast(sample.Image, random);
        }

        ChangeHueAndSaturation(sample, random);
        if (!contrastFirst)
        {
            ChangeContrast(sample.Image, random);
        }

        if (Coin(random))
        {
            sample.Image = sample.Image.PermuteChannels(random.Permutation(3));
        }

        return true;
    }

    private static bool Coin(IRandomSource random) => random.NextInt(0, 2) == 1;

    private void ChangeContrast(Image image, IRandomSource random)
    {
        if (Coin(random))
        {
            image.MultiplyInPlace((float)random.Uniform(options.ContrastRange.Low, options.ContrastRange.High));
        }
    }

    private void ChangeHueAndSaturation(Sample sample, IRandomSource random)
    {
        using var hsv = sample.Image.ToColor(ColorConversion.BgrToHsv);
        if (Coin(random))
        {
            var factor = random.Uniform(options.SaturationRange.Low, options.SaturationRange.High);
            hsv.MultiplyInPlace((float)factor, channel: 1);
        }

        if (Coin(random))
        {
            hsv.AddInPlace((float)random.Uniform(-options.HueDelta, options.HueDelta), channel: 0);
            hsv.WrapInPlace(FullCircle, channel: 0);
        }

        sample.Image = hsv.ToColor(ColorConversion.HsvToBgr);
    }
}
