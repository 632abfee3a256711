using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// The check sum of zip files (polynomial 0xEDB88320): by carry-less multiplication where the processor has it (Gopal,
/// "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009), else by tables.
/// </summary>
internal static class Crc32
{
    private const int Lanes = 8;
    private const int Block = 64;
    private const int VectorBytes = 16;

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
    internal static uint Append(uint sum, ReadOnlySpan<byte> bytes) =>
        ~(Pclmulqdq.IsSupported && bytes.Length >= 2 * Block ? Fold(~sum, bytes) : ByTable(~sum, bytes));

    /// <summary>The remainder by tables, eight bytes a step.</summary>
    internal static uint ByTable(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table.AsSpan();
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

        return crc;
    }

    // Four registers hold 64 bytes that have the same remainder as all bytes so far; the last 16 go through the tables.
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        var by64 = Vector128.Create(0x0154442bd4UL, 0x01c6e41596UL); // x^(4*128+32) and x^(4*128-32), reflected
        var by16 = Vector128.Create(0x01751997d0UL, 0x00ccaa009eUL); // x^(128+32) and x^(128-32), reflected
        var vectors = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var (a, b, c, d) = (vectors[0] ^ Vector128.CreateScalar((ulong)crc), vectors[1], vectors[2], vectors[3]);
        var place = 4;
        for (; place + 4 <= vectors.Length; place += 4)
        {
            a = Fold(a, by64) ^ vectors[place];
            b = Fold(b, by64) ^ vectors[place + 1];
            c = Fold(c, by64) ^ vectors[place + 2];
            d = Fold(d, by64) ^ vectors[place + 3];
        }

        a = Fold(Fold(Fold(a, by16) ^ b, by16) ^ c, by16) ^ d;
        for (; place < vectors.Length; place++)
        {
            a = Fold(a, by16) ^ vectors[place];
        }

        Span<byte> folded = stackalloc byte[VectorBytes];
        MemoryMarshal.Write(folded, in a);
        return ByTable(ByTable(0, folded), bytes[(place * VectorBytes)..]);
    }

    private static Vector128<ulong> Fold(Vector128<ulong> value, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, by, 0x11);

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
