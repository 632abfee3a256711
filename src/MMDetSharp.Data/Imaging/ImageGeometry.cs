using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Data.Imaging;

/// <summary>Changes of size and place. Each gives a new image that the caller owns; OpenCV's own values.</summary>
public static class ImageGeometry
{
    /// <summary>The image at another size.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="width">New width.</param>
    /// <param name="height">New height.</param>
    /// <param name="interpolation">How values between pixels are found.</param>
    /// <exception cref="ImageException">A side is not positive.</exception>
    public static Image Resize(
        this Image image, int width, int height, Interpolation interpolation = Interpolation.Bilinear)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (width < 1 || height < 1)
        {
            throw new ImageException(
                $"Resize: both sides must be positive, got {width} x {height} for an image of {image.Width} x " +
                $"{image.Height}. Choose a larger scale.");
        }

        Image.Check(NativeImage.Resize(image.Handle, width, height, (int)interpolation, out var resized));
        return new Image(resized);
    }

    /// <summary>The image mirrored; a copy when the direction is none.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="direction">Which sides change places.</param>
    public static Image Flip(this Image image, FlipDirection direction)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (direction == FlipDirection.None)
        {
            return image.Clone();
        }

        var code = direction switch { FlipDirection.Horizontal => 1, FlipDirection.Vertical => 0, _ => -1 };
        Image.Check(NativeImage.Flip(image.Handle, code, out var flipped));
        return new Image(flipped);
    }

    /// <summary>A part of the image.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="x">Left column.</param>
    /// <param name="y">Top row.</param>
    /// <param name="width">Columns of the part.</param>
    /// <param name="height">Rows of the part.</param>
    /// <exception cref="ImageException">The part reaches outside.</exception>
    public static Image Crop(this Image image, int x, int y, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.Check(NativeImage.Crop(image.Handle, x, y, width, height, out var part));
        return new Image(part);
    }

    /// <summary>The image with a margin.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="padding">Pixels to add on each side.</param>
    /// <param name="border">What the margin is filled with.</param>
    /// <param name="fill">One value per channel for a constant margin; zero where missing.</param>
    /// <exception cref="ImageException">A margin is negative.</exception>
    public static Image Pad(
        this Image image,
        Padding padding,
        BorderMode border = BorderMode.Constant,
        params ReadOnlySpan<double> fill)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (left, top, right, bottom) = padding;
        if (Math.Min(Math.Min(left, top), Math.Min(right, bottom)) < 0)
        {
            throw new ImageException(
                $"Pad: an image can only grow, got {padding} for {image.Width} x {image.Height}. " +
                "Choose a size at least as large as the image.");
        }

        Image.Check(NativeImage.Pad(
            image.Handle, left, top, right, bottom, (int)border, Image.FourValues(fill), out var padded));
        return new Image(padded);
    }

    /// <summary>The image under an affine map; outside of it zero, or <paramref name="fill"/>.</summary>
    /// <param name="image">The image to read; it is not changed.</param>
    /// <param name="matrix">(2, 3) row-major: maps a point (x, y, 1) of the image to its place in the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="interpolation">Nearest, bilinear, bicubic or Lanczos.</param>
    /// <param name="fill">One value per channel; zero where missing.</param>
    /// <exception cref="ArgumentException">The matrix has not six values.</exception>
    public static Image WarpAffine(
        this Image image,
        ReadOnlySpan<double> matrix,
        int width,
        int height,
        Interpolation interpolation = Interpolation.Bilinear,
        params ReadOnlySpan<double> fill)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (matrix.Length != 6)
        {
            throw new ArgumentException(
                $"WarpAffine: the matrix must hold 2 x 3 values, got {matrix.Length}.", nameof(matrix));
        }

        Image.Check(NativeImage.WarpAffine(
            image.Handle, matrix, width, height, (int)interpolation, Image.FourValues(fill), out var warped));
        return new Image(warped);
    }

    /// <summary>Copies <paramref name="source"/> into the image, its top left pixel to (x, y).</summary>
    /// <param name="image">The image that is changed.</param>
    /// <param name="source">Of the same channels and pixel type.</param>
    /// <param name="x">Left column.</param>
    /// <param name="y">Top row.</param>
    /// <exception cref="ImageException">It reaches outside, or is of another kind.</exception>
    public static void PasteInPlace(this Image image, Image source, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(source);
        Image.Check(NativeImage.Paste(image.Handle, source.Handle, x, y));
    }
}
