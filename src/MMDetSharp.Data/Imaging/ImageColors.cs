using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Data.Imaging;

/// <summary>Changes of pixel values. A new image belongs to the caller; <c>InPlace</c> changes this one.</summary>
public static class ImageColors
{
    /// <summary>The image with values of another type; float32 to uint8 rounds and saturates.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="type">The wanted type.</param>
    public static Image ToPixelType(this Image image, PixelType type)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.ConvertDepth(image.Handle, (int)type, out var converted));
        return new Image(converted);
    }

    /// <summary>The image in another colour space.</summary>
    /// <param name="image">Of the channels that the conversion starts from.</param>
    /// <param name="conversion">From where to where.</param>
    /// <exception cref="ImageException">The image has other channels.</exception>
    public static Image ToColor(this Image image, ColorConversion conversion)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.ConvertColor(image.Handle, (int)conversion, out var converted));
        return new Image(converted);
    }

    /// <summary>Network input: float32 of <c>(pixel - mean) * (1 / std)</c>, after BGR to RGB where asked.</summary>
    /// <param name="image">Of one value of mean and std per channel.</param>
    /// <param name="norm">Mean, std and the order of the channels.</param>
    /// <exception cref="ImageException">The counts differ.</exception>
    public static Image Normalize(this Image image, NormConfig norm)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.Mean.Length != image.Channels || norm.Std.Length != image.Channels)
        {
            throw new ImageException(
                $"Normalize: mean and std must have one value per channel ({image.Channels}), got " +
                $"{norm.Mean.Length} and {norm.Std.Length}. Give as many, or read the images with another color_type.");
        }

        var mean = Array.ConvertAll(norm.Mean, value => (double)value);
        var deviation = Array.ConvertAll(norm.Std, value => (double)value);
        Image.Check(NativeImage.Normalize(image.Handle, mean, deviation, norm.ToRgb ? 1 : 0, out var normalized));
        return new Image(normalized);
    }

    /// <summary>The weighted average of two images of one size and type; uint8 values are cut down to whole ones.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="other">Of the same shape and pixel type.</param>
    /// <param name="share">The weight of <paramref name="image"/>, 0 to 1; the other one has the rest.</param>
    /// <exception cref="ImageException">Shape or pixel type differ.</exception>
    public static Image Blend(this Image image, Image other, double share)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(other);
        if (image.Shape != other.Shape || image.PixelType != other.PixelType)
        {
            throw new ImageException($"Blend: both images must be alike, got {image} and {other}. Resize one.");
        }

        return image.PixelType == PixelType.UInt8
            ? Image.FromPixels(Average(image.Bytes, other.Bytes, share), image.Shape)
            : Image.FromPixels(Average(image.Floats, other.Floats, share), image.Shape);
    }

    /// <summary>The image with its channels in another order.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="order">(C): result channel i is channel order[i] of the image.</param>
    /// <exception cref="ImageException">The order names a channel that is not there.</exception>
    public static Image PermuteChannels(this Image image, ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.Permute(image.Handle, order, out var permuted));
        return new Image(permuted);
    }

    /// <summary>Multiplies every value, in float32.</summary>
    /// <param name="image">A float32 image; it is changed.</param>
    /// <param name="factor">What to multiply by.</param>
    /// <param name="channel">One channel, or -1 for all.</param>
    /// <exception cref="ImageException">The image is not float32.</exception>
    public static void MultiplyInPlace(this Image image, float factor, int channel = -1)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.Multiply(image.Handle, channel, factor));
    }

    /// <summary>Adds to every value, in float32.</summary>
    /// <param name="image">A float32 image; it is changed.</param>
    /// <param name="shift">What to add.</param>
    /// <param name="channel">One channel, or -1 for all.</param>
    /// <exception cref="ImageException">The image is not float32.</exception>
    public static void AddInPlace(this Image image, float shift, int channel = -1)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.Add(image.Handle, channel, shift));
    }

    /// <summary>Brings values that left [0, period] by less than a period back into it, as hues on their circle.</summary>
    /// <param name="image">A float32 image; it is changed.</param>
    /// <param name="period">360 for hues.</param>
    /// <param name="channel">One channel, or -1 for all.</param>
    /// <exception cref="ImageException">The image is not float32.</exception>
    public static void WrapInPlace(this Image image, float period, int channel = -1)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.Wrap(image.Handle, channel, period));
    }

    /// <summary>Replaces every value by that of a table.</summary>
    /// <param name="image">A uint8 image; it is changed.</param>
    /// <param name="table">256 x channels values, the channels of an entry side by side.</param>
    /// <exception cref="ImageException">The image is not uint8, or the table has another size.</exception>
    public static void LookUpInPlace(this Image image, ReadOnlySpan<byte> table)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (table.Length != 256 * image.Channels)
        {
            throw new ImageException($"LookUp: the table must hold {256 * image.Channels} values, got {table.Length}.");
        }

        Image.Check(NativeImage.LookUp(image.Handle, table));
    }

    private static byte[] Average(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, double share)
    {
        var mixed = new byte[first.Length];
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (byte)((first[i] * share) + (second[i] * (1 - share)));
        }

        return mixed;
    }

    private static float[] Average(ReadOnlySpan<float> first, ReadOnlySpan<float> second, double share)
    {
        var mixed = new float[first.Length];
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (float)((first[i] * share) + (second[i] * (1 - share)));
        }

        return mixed;
    }
}
