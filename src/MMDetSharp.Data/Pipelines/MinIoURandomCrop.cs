using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Cuts a random part out of the image that overlaps with every object by at least a drawn threshold; objects whose
/// centre is outside are dropped. SSD, arXiv:1512.02325, section 2.2.
/// </summary>
public sealed class MinIoURandomCrop : ITransform
{
    private const int Tries = 50;
    private const double KeepWhole = 1;
    private const double AnyOverlap = 0;

    private readonly double[] _thresholds;
    private readonly double _minCropSize;

    /// <param name="minIoUs">The thresholds to draw from, besides no crop at all and any crop.</param>
    /// <param name="minCropSize">Least share of the image's sides.</param>
    public MinIoURandomCrop(IReadOnlyList<double> minIoUs, double minCropSize = 0.3)
    {
        _thresholds = [KeepWhole, .. minIoUs, AnyOverlap];
        _minCropSize = minCropSize;
    }

    /// <summary>From a step of a config.</summary>
    internal static MinIoURandomCrop FromConfig(ConfigReader reader) =>
        new(reader.Floats("min_ious", [0.1, 0.3, 0.5, 0.7, 0.9]), reader.Float("min_crop_size", 0.3));

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        float[] all = [.. sample.Boxes ?? [], .. sample.IgnoredBoxes ?? []];
        while (true)
        {
            var threshold = random.Choice(_thresholds);
            if (threshold == KeepWhole)
            {
                return true;
            }

            for (var i = 0; i < Tries; i++)
            {
                if (Draw(sample.Image, random) is { } patch && IsUsable(patch, all, threshold))
                {
                    Cut(sample, patch);
                    return true;
                }
            }
        }
    }

    private PixelPatch? Draw(Image image, IRandomSource random)
    {
        var width = random.Uniform(_minCropSize * image.Width, image.Width);
        var height = random.Uniform(_minCropSize * image.Height, image.Height);
        if (height / width is < 0.5 or > 2)
        {
            return null;
        }

        // As the reference: numpy's uniform(x) draws between x and 1, not between 0 and x.
        var left = random.Uniform(image.Width - width, 1);
        var top = random.Uniform(image.Height - height, 1);
        var patch = new PixelPatch((int)left, (int)top, (int)(left + width), (int)(top + height));
        return patch.Width == 0 || patch.Height == 0 ? null : patch;
    }

    // As the reference: the smallest overlap must reach the threshold, not the largest.
    private static bool IsUsable(PixelPatch patch, float[] boxes, double threshold) =>
        BoxArrays.SmallestOverlap(boxes, patch) is not { } overlap
        || (overlap >= threshold && BoxArrays.HaveCentreIn(boxes, patch).Contains(true));

    private static void Cut(Sample sample, PixelPatch patch)
    {
        sample.KeepBoxes(boxes => BoxArrays.HaveCentreIn(boxes, patch));
        sample.ChangeBoxes(boxes => ClipTo(boxes, patch));

        // The part can reach one pixel out where the image is tiny; numpy's slices end at the image.
        var (width, height) = (sample.Image.Width, sample.Image.Height);
        sample.Image = sample.Image.Crop(
            patch.Left, patch.Top, Math.Min(patch.Right, width) - patch.Left, Math.Min(patch.Bottom, height) - patch.Top);
        sample.ImageShape = sample.Image.Shape;
    }

    private static float[] ClipTo(float[] boxes, PixelPatch patch)
    {
        var clipped = (float[])boxes.Clone();
        for (var i = 0; i < boxes.Length; i += 4)
        {
            clipped[i] = Math.Max(boxes[i], patch.Left);
            clipped[i + 1] = Math.Max(boxes[i + 1], patch.Top);
            clipped[i + 2] = Math.Min(boxes[i + 2], patch.Right);
            clipped[i + 3] = Math.Min(boxes[i + 3], patch.Bottom);
        }

        return BoxArrays.Shift(clipped, -patch.Left, -patch.Top);
    }
}
