using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Reads the image, unless the sample has one already.</summary>
/// <param name="mode">Which channels to read.</param>
/// <param name="toFloat32">Whether to convert the values to float32, as some colour transforms need.</param>
public sealed class LoadImageFromFile(ColorMode mode = ColorMode.Color, bool toFloat32 = false) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static LoadImageFromFile FromConfig(ConfigReader reader)
    {
        StepKeys.RequireDisk(reader);
        var mode = reader.ChoiceOr("color_type", "color", "color", "grayscale", "unchanged");
        return new(Enum.Parse<ColorMode>(mode, ignoreCase: true), reader.Bool("to_float32", false));
    }

    /// <inheritdoc/>
    /// <exception cref="ImageException">The file is missing, broken or no image.</exception>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (!sample.HasImage)
        {
            sample.Image = ImageFile.Read(sample.FileName, mode);
        }

        if (toFloat32 && sample.Image.PixelType != PixelType.Float32)
        {
            sample.Image = sample.Image.ToPixelType(PixelType.Float32);
        }

        sample.OriginalShape = sample.Image.Shape;
        sample.ImageShape = sample.Image.Shape;
        return true;
    }
}
