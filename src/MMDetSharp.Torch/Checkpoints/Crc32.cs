using System.Buffers.Binary;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The check sum of zip files (polynomial 0xEDB88320), eight bytes a step.</summary>
internal static class Crc32
{
    private const int Lanes = 8;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The sum of a part of a file.</summary>
    internal static uint OfFile(MappedFile file, long start, long length)
    {
        const int block = 1 << 24;
        var sum = 0u;
        for (var done = 0L; done < length; done += block)
        {
            sum = Append(sum, file.Span(start + done, (int)Math.Min(block, length - done)));
        }

        return sum;
    }

    /// <summary>The sum of bytes that follow bytes whose sum is known; begin with 0.</summary>
    internal static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        var table = Table.AsSpan();
        var crc = ~sum;
        while (bytes.Length >= Lanes)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[0x700 + (int)(low & 0xFF)] ^ table[0x600 + (int)((low >> 8) & 0xFF)]
                ^ table[0x500 + (int)((low >> 16) & 0xFF)] ^ table[0x400 + (int)(low >> 24)]
                ^ table[0x300 + (int)(high & 0xFF)] ^ table[0x200 + (int)((high >> 8) & 0xFF)]
                ^ table[0x100 + (int)((high >> 16) & 0xFF)] ^ table[(int)(high >> 24)];
            bytes = bytes[Lanes..];
        }

        foreach (var value in bytes)
        {
            crc = table[(int)((crc ^ value) & 0xFF)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Lanes * 256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++)
        {
            table[i] = table[table[i - 256] & 0xFF] ^ (table[i - 256] >> 8);
        }

        return table;
    }
}
