using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Cuts a part of fixed size out of the image at a random place.</summary>
/// <param name="height">Of the part; a lower image keeps its height.</param>
/// <param name="width">Of the part; a narrower image keeps its width.</param>
/// <param name="allowNegativeCrop">Whether a part without any object may be used.</param>
public sealed class RandomCrop(int height, int width, bool allowNegativeCrop = false) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static RandomCrop FromConfig(ConfigReader reader)
    {
        var (height, width) = reader.IntPair("crop_size");
        return height > 0 && width > 0
            ? new(height, width, reader.Bool("allow_negative_crop", false))
            : throw reader.Error("crop_size", $"must be positive, got ({height}, {width}). Correct it.");
    }

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(random);
        var image = sample.Image;
        var y = random.NextInt(0, Math.Max(image.Height - height, 0) + 1);
        var x = random.NextInt(0, Math.Max(image.Width - width, 0) + 1);

        sample.Image = image.Crop(x, y, Math.Min(width, image.Width), Math.Min(height, image.Height));
        sample.ImageShape = sample.Image.Shape;
        sample.ChangeBoxes(boxes => BoxArrays.Clip(BoxArrays.Shift(boxes, -x, -y), sample.ImageShape));
        sample.KeepBoxes(BoxArrays.HaveArea);
        return allowNegativeCrop || sample.Boxes is null or { Length: > 0 };
    }
}
