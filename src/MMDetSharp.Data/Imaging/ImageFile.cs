using System.Buffers;

using Microsoft.Win32.SafeHandles;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Data.Imaging;

/// <summary>Image files: JPEG, PNG, BMP, WebP and TIFF.</summary>
public static class ImageFile
{
    private const int JpegQuality = 95;
    private const int PngCompression = 3;

    /// <summary>Reads an image; the caller owns it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Which channels to give.</param>
    /// <exception cref="ImageException">
    /// The file is missing, empty, cut short, damaged or no image; the message says which, and what to do.
    /// </exception>
    public static Image Read(string path, ColorMode mode = ColorMode.Color)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = Open(path);
        var length = (int)Math.Min(RandomAccess.GetLength(file), int.MaxValue);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return Decode(buffer.AsSpan(0, Fill(file, buffer.AsSpan(0, length), path)), path, mode);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes the bytes of a file; the caller owns the image.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="mode">Which channels to give.</param>
    /// <exception cref="ImageException">It is empty, cut short, damaged or no image.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, string name = "the image", ColorMode mode = ColorMode.Color)
    {
        if (NativeImage.Decode(file, file.Length, (int)mode, out var handle) != 0)
        {
            throw new ImageException(
                $"{name}: {NativeImage.LastError()}. Copy it again or remove it from the list.");
        }

        return new Image(handle);
    }

    /// <summary>Writes an image in the format of the file's extension; missing folders are made.</summary>
    /// <param name="image">A uint8 image.</param>
    /// <param name="path">The file: .jpg, .png, .bmp, .webp or .tiff.</param>
    /// <exception cref="ImageException">The extension is unknown, or the file cannot be written.</exception>
    public static void Write(Image image, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = Encode(image, Path.GetExtension(path));
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            File.WriteAllBytes(path, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: the image cannot be written: {error.Message}", error);
        }
    }

    /// <summary>The bytes of an image file.</summary>
    /// <param name="image">A uint8 image.</param>
    /// <param name="extension">Such as <c>.jpg</c>.</param>
    /// <exception cref="ImageException">The extension is unknown.</exception>
    public static byte[] Encode(Image image, string extension)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(extension);
        var kind = extension.ToLowerInvariant();
        var quality = kind == ".png" ? PngCompression : JpegQuality;
        if (NativeImage.Encode(image.Handle, kind, quality, out var handle) != 0)
        {
            throw new ImageException(
                $"Encode: the extension must be .jpg, .png, .bmp, .webp or .tiff, got '{extension}' " +
                $"({NativeImage.LastError()}). Name the file with one of them.");
        }

        using var bytes = new Image(handle);
        return bytes.Bytes.ToArray();
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageException(
                $"{path}: there is no such file. Check the image folder (img_prefix, data_root) and the file name.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: the file cannot be read: {error.Message}", error);
        }
    }

    private static int Fill(SafeFileHandle file, Span<byte> buffer, string path)
    {
        try
        {
            var filled = 0;
            while (filled < buffer.Length && RandomAccess.Read(file, buffer[filled..], filled) is > 0 and var count)
            {
                filled += count;
            }

            return filled;
        }
        catch (IOException error)
        {
            throw new ImageException($"{path}: the file cannot be read: {error.Message}", error);
        }
    }
}
