using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// The weighted average of this image and of another one of the same size: YOLOv5's mix-up of two mosaics (Zhang et
/// al., arXiv:1710.09412). The weight is drawn from Beta(n, n); boxes of both count fully.
/// </summary>
/// <param name="concentration">n: YOLOv5 uses 32 (and 8 before v5.0).</param>
/// <param name="probability">How likely a sample is mixed.</param>
/// <param name="preparation">What is done to the other image, to give it this one's size: mosaic and affine map.</param>
public sealed class YoloV5MixUp(int concentration, double probability, ITransform preparation) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static YoloV5MixUp FromConfig(ConfigReader reader)
    {
        var (alpha, beta) = (reader.Int("alpha", 32), reader.Int("beta", 32));
        return alpha == beta && alpha > 0
            ? new(alpha, StepKeys.Probability(reader, 1), PipelineBuilder.Build(reader.NodesOrNull("pre_transform") ?? []))
            : throw reader.Error("alpha", $"must be equal to beta and above 0, got {alpha} and {beta}. Correct it.");
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        if (random.NextDouble() >= probability)
        {
            return true;
        }

        using var other = sample.OtherSamples("YOLOv5MixUp").Draw(random);
        if (!preparation.Apply(other, random))
        {
            return true;
        }

        if (other.Image.Shape != sample.Image.Shape)
        {
            throw new PipelineException(
                $"YOLOv5MixUp: both images must be of one size, got {sample.Image.Shape} and {other.Image.Shape}. " +
                "Put the steps that give the size, Mosaic and YOLOv5RandomAffine, into pre_transform too.");
        }

        var mixed = new MixedBoxes();
        mixed.Add(sample, (1, 0, 0));
        mixed.Add(other, (1, 0, 0));
        sample.Image = sample.Image.Blend(other.Image, Beta(concentration, random));
        mixed.PutInto(sample, clip: false);
        return true;
    }

    /// <summary>A number of Beta(n, n): the middle one of 2 n - 1 uniform numbers has this distribution.</summary>
    internal static double Beta(int n, IRandomSource random)
    {
        var numbers = new double[(2 * n) - 1];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.NextDouble();
        }

        Array.Sort(numbers);
        return numbers[n - 1];
    }
}
