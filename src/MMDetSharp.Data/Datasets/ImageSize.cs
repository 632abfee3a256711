using System.Buffers.Binary;

namespace MMDetSharp.Data.Datasets;

/// <summary>Reads width and height from the header of a JPEG, PNG or BMP file, without decoding it.</summary>
internal static class ImageSize
{
    internal static bool TryRead(string path, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (!File.Exists(path))
        {
            return false;
        }

        using var stream = new BufferedStream(File.OpenRead(path), 4096);
        Span<byte> start = stackalloc byte[26];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < start.Length)
        {
            return false;
        }

        return ReadHeader(stream, start, out width, out height) && width > 0 && height > 0;
    }

    private static bool ReadHeader(Stream stream, ReadOnlySpan<byte> start, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (start[1..].StartsWith("PNG\r\n"u8))
        {
            width = BinaryPrimitives.ReadInt32BigEndian(start[16..]);
            height = BinaryPrimitives.ReadInt32BigEndian(start[20..]);
            return true;
        }

        if (start.StartsWith("BM"u8))
        {
            width = BinaryPrimitives.ReadInt32LittleEndian(start[18..]);
            height = Math.Abs(BinaryPrimitives.ReadInt32LittleEndian(start[22..]));
            return true;
        }

        return start[0] == 0xFF && start[1] == 0xD8 && ReadJpeg(stream, out width, out height);
    }

    /// <summary>Walks the segments of a JPEG to its frame header (SOF0 to SOF15, but not DHT, JPG and DAC).</summary>
    private static bool ReadJpeg(Stream stream, out int width, out int height)
    {
        (width, height) = (0, 0);
        stream.Position = 2;
        Span<byte> segment = stackalloc byte[9];
        while (stream.ReadAtLeast(segment[..4], 4, throwOnEndOfStream: false) == 4 && segment[0] == 0xFF)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
            if (segment[1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (stream.ReadAtLeast(segment[4..], 5, throwOnEndOfStream: false) < 5)
                {
                    return false;
                }

                height = BinaryPrimitives.ReadUInt16BigEndian(segment[5..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(segment[7..]);
                return true;
            }

            stream.Position += length - 2;
        }

        return false;
    }
}
