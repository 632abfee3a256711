using System.Buffers.Binary;
using System.Text;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// Writes a zip archive of stored entries, each at a multiple of 64 bytes as PyTorch wants them; numbers that do not
/// fit into
/// 4 bytes are written as zip64 has them.
/// </summary>
/// <param name="stream">Where to write, from its current place on.</param>
/// <param name="wideFrom">The first number that is written as zip64; tests lower it.</param>
internal sealed class ZipWriter(Stream stream, long wideFrom = uint.MaxValue)
{
    private const int Alignment = 64;
    private const int LocalBytes = 30;
    private const int Zip64Version = 45;
    private const int PlainVersion = 20;
    private const int Utf8Flag = 1 << 11;

    private readonly List<(byte[] Name, uint Crc, long Length, long Offset)> _entries = [];
    private long _position;

    /// <summary>Writes an entry of bytes.</summary>
    internal void Add(string name, ReadOnlyMemory<byte> content) =>
        Add(name, content.Length, visit => visit(content.Span));

    /// <summary>Writes the bytes of a storage.</summary>
    internal void Add(string name, TensorStorage storage) =>
        Add(name, storage.ByteLength, visit => Visit(storage, visit));

    /// <summary>Writes the directory: nothing can be added afterwards.</summary>
    internal void Finish()
    {
        var start = _position;
        foreach (var entry in _entries)
        {
            WriteCentral(entry.Name, (entry.Crc, entry.Length, entry.Offset));
        }

        WriteEnd(start, _position - start);
    }

    private delegate void Part(ReadOnlySpan<byte> bytes);

    private void Add(string name, long length, Action<Part> content)
    {
        var crc = 0u;
        content(bytes => crc = Crc32.Append(crc, bytes));
        var utf8 = Encoding.UTF8.GetBytes(name);
        _entries.Add((utf8, crc, length, _position));
        WriteLocal(utf8, crc, length);
        content(Write);
    }

    private static void Visit(TensorStorage storage, Part visit)
    {
        const int block = 1 << 24;
        for (var done = 0L; done < storage.ByteLength; done += block)
        {
            visit(storage.Span(done, (int)Math.Min(block, storage.ByteLength - done)));
        }

        GC.KeepAlive(storage);
    }

    private void WriteLocal(byte[] name, uint crc, long length)
    {
        var isWide = length >= wideFrom;
        var fields = isWide ? 20 : 0;
        var start = _position + LocalBytes + name.Length + fields + 4;
        var padding = (int)((Alignment - (start % Alignment)) % Alignment);
        var header = new Fields(LocalBytes + name.Length + fields + 4 + padding);
        header.UInt32(0x04034b50).UInt16(isWide ? Zip64Version : PlainVersion).UInt16(Utf8Flag).UInt16(0).UInt32(0);
        header.UInt32(crc).Narrow(length, wideFrom).Narrow(length, wideFrom);
        header.UInt16(name.Length).UInt16(fields + 4 + padding).Bytes(name);
        if (isWide)
        {
            header.UInt16(1).UInt16(16).Int64(length).Int64(length);
        }

        header.Bytes("FB"u8).UInt16(padding).Fill((byte)'Z', padding);
        Write(header.Written);
    }

    private void WriteCentral(byte[] name, (uint Crc, long Length, long Offset) entry)
    {
        var wide = new Fields(24);
        if (entry.Length >= wideFrom)
        {
            wide.Int64(entry.Length).Int64(entry.Length);
        }

        if (entry.Offset >= wideFrom)
        {
            wide.Int64(entry.Offset);
        }

        var extra = wide.Written.Length == 0 ? 0 : wide.Written.Length + 4;
        var version = extra > 0 ? Zip64Version : PlainVersion;
        var header = new Fields(46 + name.Length + extra);
        header.UInt32(0x02014b50).UInt16(version).UInt16(version).UInt16(Utf8Flag).UInt16(0).UInt32(0);
        header.UInt32(entry.Crc).Narrow(entry.Length, wideFrom).Narrow(entry.Length, wideFrom);
        header.UInt16(name.Length).UInt16(extra).UInt16(0).UInt16(0).UInt16(0).UInt32(0);
        header.Narrow(entry.Offset, wideFrom).Bytes(name);
        if (extra > 0)
        {
            header.UInt16(1).UInt16(wide.Written.Length).Bytes(wide.Written);
        }

        Write(header.Written);
    }

    private void WriteEnd(long start, long length)
    {
        var count = _entries.Count;
        var end = new Fields(56 + 20 + 22);
        end.UInt32(0x06064b50).Int64(44).UInt16(Zip64Version).UInt16(Zip64Version).UInt32(0).UInt32(0);
        end.Int64(count).Int64(count).Int64(length).Int64(start);
        end.UInt32(0x07064b50).UInt32(0).Int64(_position).UInt32(1);
        var narrow = Math.Min(count, ushort.MaxValue);
        end.UInt32(0x06054b50).UInt16(0).UInt16(0).UInt16(narrow).UInt16(narrow);
        end.Narrow(length, wideFrom).Narrow(start, wideFrom).UInt16(0);
        Write(end.Written);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }

    /// <summary>Little-endian fields one after the other.</summary>
    private sealed class Fields(int capacity)
    {
        private readonly byte[] _bytes = new byte[capacity];
        private int _length;

        internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

        internal Fields UInt16(int value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);
            return this;
        }

        internal Fields UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
            return this;
        }

        internal Fields Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
            return this;
        }

        // A number of 4 bytes, or all ones where it is written as zip64.
        internal Fields Narrow(long value, long wideFrom) => UInt32(value >= wideFrom ? uint.MaxValue : (uint)value);

        internal Fields Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Take(bytes.Length));
            return this;
        }

        internal Fields Fill(byte value, int count)
        {
            Take(count).Fill(value);
            return this;
        }

        private Span<byte> Take(int count)
        {
            _length += count;
            return _bytes.AsSpan(_length - count, count);
        }
    }
}
