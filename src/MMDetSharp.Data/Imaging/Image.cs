using System.Runtime.CompilerServices;

using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Data.Imaging;

/// <summary>
/// An image: (H, W, C) pixels of uint8 or float32, row by row, colour in BGR order unless said otherwise. Owns native
/// memory that later images reuse: dispose it as soon as it is done with.
/// </summary>
public sealed class Image : IDisposable
{
    private readonly ImageHandle _handle;
    private readonly nint _data;

    internal Image(ImageHandle handle)
    {
        _handle = handle;
        Check(NativeImage.Describe(handle, out var width, out var height, out var channels, out var type, out _data));
        (Width, Height, Channels, PixelType) = (width, height, channels, (PixelType)type);
    }

    /// <summary>Images that exist now on all threads; a test compares it before and after.</summary>
    public static long LiveCount => NativeImage.Live();

    /// <summary>W: columns of pixels.</summary>
    public int Width { get; }

    /// <summary>H: rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Values per pixel, 1 to 4.</summary>
    public int Channels { get; }

    /// <summary>The type of the values.</summary>
    public PixelType PixelType { get; }

    /// <summary>Height, width and channels.</summary>
    public ImageShape Shape => new(Height, Width, Channels);

    /// <summary>(H, W, C) values of a uint8 image. Valid until the image is disposed.</summary>
    /// <exception cref="ImageException">The image is float32.</exception>
    public Span<byte> Bytes => Values<byte>(PixelType.UInt8);

    /// <summary>(H, W, C) values of a float32 image. Valid until the image is disposed.</summary>
    /// <exception cref="ImageException">The image is uint8.</exception>
    public Span<float> Floats => Values<float>(PixelType.Float32);

    internal ImageHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }

    /// <summary>An image of one colour.</summary>
    /// <param name="shape">Height, width and channels.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="fill">One value per channel; zero where missing.</param>
    /// <exception cref="ImageException">The shape is not that of an image.</exception>
    public static Image Create(ImageShape shape, PixelType type = PixelType.UInt8, params ReadOnlySpan<double> fill)
    {
        Check(NativeImage.Create(
            shape.Width, shape.Height, shape.Channels, (int)type, FourValues(fill), out var handle));
        return new Image(handle);
    }

    /// <summary>An image from a copy of <paramref name="pixels"/>, (H, W, C).</summary>
    /// <param name="pixels">Height x width x channels values.</param>
    /// <param name="shape">Height, width and channels.</param>
    /// <exception cref="ArgumentException">The count of values does not fit the shape.</exception>
    public static Image FromPixels(ReadOnlySpan<byte> pixels, ImageShape shape) =>
        FromPixels(pixels, shape, PixelType.UInt8);

    /// <inheritdoc cref="FromPixels(ReadOnlySpan{byte}, ImageShape)"/>
    public static Image FromPixels(ReadOnlySpan<float> pixels, ImageShape shape) =>
        FromPixels(pixels, shape, PixelType.Float32);

    /// <summary>A copy; the caller owns it.</summary>
    public Image Clone()
    {
        Check(NativeImage.Clone(Handle, out var copy));
        return new Image(copy);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"Image {Shape} {PixelType}";

    /// <summary>Throws the native library's message when <paramref name="status"/> reports a failure.</summary>
    internal static void Check(int status, [CallerMemberName] string operation = "")
    {
        if (status != 0)
        {
            throw new ImageException($"{operation}: {NativeImage.LastError()}.");
        }
    }

    /// <summary>OpenCV's colours hold four values.</summary>
    internal static double[] FourValues(ReadOnlySpan<double> values)
    {
        var four = new double[4];
        values.CopyTo(four);
        return four;
    }

    /// <summary>Writes planes (C, targetHeight, targetWidth) of float32, zero right of and below the image.</summary>
    /// <param name="target">Memory for all planes.</param>
    /// <param name="targetWidth">At least <see cref="Width"/>.</param>
    /// <param name="targetHeight">At least <see cref="Height"/>.</param>
    internal void WritePlanes(nint target, int targetWidth, int targetHeight) =>
        Check(NativeImage.ToPlanes(Handle, target, targetWidth, targetHeight));

    private static Image FromPixels<T>(ReadOnlySpan<T> pixels, ImageShape shape, PixelType type)
        where T : unmanaged
    {
        if (pixels.Length != (long)shape.Height * shape.Width * shape.Channels)
        {
            throw new ArgumentException(
                $"FromPixels: an image of {shape} needs height x width x channels values, got {pixels.Length}.",
                nameof(pixels));
        }

        Check(NativeImage.FromMemory(
            pixels, shape.Width, shape.Height, shape.Channels, (int)type, out var handle));
        return new Image(handle);
    }

    private Span<T> Values<T>(PixelType type)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return PixelType == type
            ? NativeImage.Memory<T>(_data, Height * Width * Channels)
            : throw new ImageException($"The image must be {type}, it is {PixelType}. Convert it first: ToPixelType.");
    }
}
