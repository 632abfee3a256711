using System.Numerics;
using System.Runtime.InteropServices;

namespace MMDetSharp.Data.Imaging;

/// <summary>
/// Bilinear resizing that maps corner pixels to corner pixels, in floats: Darknet's. OpenCV's maps corners of pixels,
/// and rounds to whole numbers.
/// </summary>
internal static class CornerResize
{
    /// <summary>Bilinear interpolation with aligned corners: pixel (W - 1) goes to (width - 1).</summary>
    /// <param name="image">uint8; borrowed.</param>
    /// <param name="width">Of the result.</param>
    /// <param name="height">Of the result.</param>
    /// <returns>float32, 0 to 255; it belongs to the caller.</returns>
    internal static Image Apply(Image image, int width, int height)
    {
        var channels = image.Channels;
        var source = image.Bytes;
        var result = Image.Create(new(height, width, channels), PixelType.Float32);
        var stride = image.Width * channels;
        var target = result.Floats;
        var line = new float[stride];
        var columns = Steps(image.Width, width, channels);
        var scale = height == 1 ? 0 : (float)(image.Height - 1) / (height - 1);
        for (var row = 0; row < height; row++)
        {
            var at = row * scale;
            var above = (int)at;
            var share = at - above;

            // As Darknet: what rounding leaves of the row below is missing in the last row.
            var hasBelow = row < height - 1 && image.Height > 1;
            var upper = source.Slice(above * stride, stride);
            Mix(upper, hasBelow ? source.Slice((above + 1) * stride, stride) : upper, (1 - share, hasBelow ? share : 0), line);
            Pick(line, columns, channels, target.Slice(row * width * channels, width * channels));
        }

        return result;
    }

    // Where each column of the result lies in the source, and how much of the next pixel it takes.
    private static (int Left, int Right, float Share)[] Steps(int from, int to, int channels)
    {
        var scale = to == 1 ? 0 : (float)(from - 1) / (to - 1);
        var steps = new (int, int, float)[to];
        for (var column = 0; column < to; column++)
        {
            var at = column * scale;
            var left = (int)at;
            steps[column] = column == to - 1 || from == 1
                ? ((from - 1) * channels, (from - 1) * channels, 0)
                : (left * channels, (left + 1) * channels, at - left);
        }

        return steps;
    }

    private static void Mix(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, (float Upper, float Lower) shares, Span<float> line)
    {
        var i = 0;
        var (a, b) = (new Vector<float>(shares.Upper), new Vector<float>(shares.Lower));
        for (; i <= line.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Mix(new Vector<byte>(upper[i..]), new Vector<byte>(lower[i..]), (a, b), line[i..]);
        }

        for (; i < line.Length; i++)
        {
            line[i] = (shares.Upper * upper[i]) + (shares.Lower * lower[i]);
        }
    }

    private static void Mix(
        Vector<byte> upper, Vector<byte> lower, (Vector<float> Upper, Vector<float> Lower) shares, Span<float> line)
    {
        Vector.Widen(upper, out var upper0, out var upper1);
        Vector.Widen(lower, out var lower0, out var lower1);
        var target = MemoryMarshal.Cast<float, Vector<float>>(line[..Vector<byte>.Count]);
        Mix(upper0, lower0, shares, target);
        Mix(upper1, lower1, shares, target[2..]);
    }

    private static void Mix(
        Vector<ushort> upper,
        Vector<ushort> lower,
        (Vector<float> Upper, Vector<float> Lower) shares,
        Span<Vector<float>> target)
    {
        Vector.Widen(upper, out var upper0, out var upper1);
        Vector.Widen(lower, out var lower0, out var lower1);
        target[0] = (shares.Upper * Float(upper0)) + (shares.Lower * Float(lower0));
        target[1] = (shares.Upper * Float(upper1)) + (shares.Lower * Float(lower1));
    }

    private static Vector<float> Float(Vector<uint> values) => Vector.ConvertToSingle(Vector.AsVectorInt32(values));

    private static void Pick(
        ReadOnlySpan<float> line, (int Left, int Right, float Share)[] columns, int channels, Span<float> target)
    {
        var i = 0;
        foreach (var (left, right, share) in columns)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                target[i++] = ((1 - share) * line[left + channel]) + (share * line[right + channel]);
            }
        }
    }
}
