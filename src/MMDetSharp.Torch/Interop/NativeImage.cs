using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>The image functions of native/mmdetsharp.h, one to one and in the same order.</summary>
/// <remarks>Each returns a status; <see cref="LastError"/> tells what went wrong on this thread.</remarks>
internal static unsafe partial class NativeImage
{
    static NativeImage() => NativeLoader.Install();

    [LibraryImport(Native.Library, EntryPoint = "mdt_last_error")]
    private static partial byte* LastErrorText();

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_create")]
    internal static partial int Create(
        int width, int height, int channels, int depth, double* fill, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_from_memory")]
    internal static partial int FromMemory(
        void* data, int width, int height, int channels, int depth, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_free")]
    internal static partial void Free(nint image);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_describe")]
    internal static partial int Describe(
        ImageHandle image, out int width, out int height, out int channels, out int depth, out nint data);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_live")]
    internal static partial long Live();

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_decode")]
    internal static partial int Decode(ReadOnlySpan<byte> data, long bytes, int colorMode, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_encode", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Encode(ImageHandle image, string extension, int quality, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_clone")]
    internal static partial int Clone(ImageHandle image, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_convert_depth")]
    internal static partial int ConvertDepth(ImageHandle image, int depth, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_convert_color")]
    internal static partial int ConvertColor(ImageHandle image, int conversion, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_resize")]
    internal static partial int Resize(
        ImageHandle image, int width, int height, int interpolation, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_flip")]
    internal static partial int Flip(ImageHandle image, int direction, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_crop")]
    internal static partial int Crop(ImageHandle image, int x, int y, int width, int height, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_pad")]
    internal static partial int Pad(
        ImageHandle image, int left, int top, int right, int bottom, int border, ReadOnlySpan<double> fill,
        out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_warp_affine")]
    internal static partial int WarpAffine(
        ImageHandle image, ReadOnlySpan<double> matrix, int width, int height, int interpolation,
        ReadOnlySpan<double> fill, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_normalize")]
    internal static partial int Normalize(
        ImageHandle image, ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, int toRgb,
        out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_multiply")]
    internal static partial int Multiply(ImageHandle image, int channel, float factor);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_add")]
    internal static partial int Add(ImageHandle image, int channel, float shift);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_wrap")]
    internal static partial int Wrap(ImageHandle image, int channel, float period);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_look_up")]
    internal static partial int LookUp(ImageHandle image, ReadOnlySpan<byte> table);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_paste")]
    internal static partial int Paste(ImageHandle image, ImageHandle source, int x, int y);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_permute")]
    internal static partial int Permute(ImageHandle image, ReadOnlySpan<int> order, out ImageHandle result);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_to_planes")]
    internal static partial int ToPlanes(ImageHandle image, nint target, int targetWidth, int targetHeight);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_draw_rectangle")]
    internal static partial int DrawRectangle(
        ImageHandle image, double x1, double y1, double x2, double y2, ReadOnlySpan<double> color, int thickness);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_blend_rectangle")]
    internal static partial int BlendRectangle(
        ImageHandle image, int x, int y, int width, int height, ReadOnlySpan<double> color, double opacity);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_draw_lines")]
    internal static partial int DrawLines(
        ImageHandle image, ReadOnlySpan<double> points, int count, ReadOnlySpan<double> color, int thickness);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_draw_text", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int DrawText(
        ImageHandle image, string text, int x, int y, double scale, ReadOnlySpan<double> color, int thickness);

    [LibraryImport(Native.Library, EntryPoint = "mdt_image_measure_text", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MeasureText(
        string text, double scale, int thickness, out int width, out int height, out int below);

    /// <summary>What the last failing call on this thread reported.</summary>
    internal static string LastError() => Marshal.PtrToStringUTF8((nint)LastErrorText()) ?? "";

    /// <summary>An image with unset pixels, or with one value per channel of <paramref name="fill"/>.</summary>
    internal static int Create(
        int width, int height, int channels, int depth, ReadOnlySpan<double> fill, out ImageHandle result)
    {
        fixed (double* values = fill)
        {
            return Create(width, height, channels, depth, values, out result);
        }
    }

    /// <summary>A copy of pixels in managed memory.</summary>
    internal static int FromMemory<T>(
        ReadOnlySpan<T> data, int width, int height, int channels, int depth, out ImageHandle result)
        where T : unmanaged
    {
        fixed (T* values = data)
        {
            return FromMemory(values, width, height, channels, depth, out result);
        }
    }

    /// <summary>Native memory as a span; valid as long as its image.</summary>
    internal static Span<T> Memory<T>(nint data, int count)
        where T : unmanaged => new((void*)data, count);
}
