using System.Buffers.Binary;
using System.Text;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Where one stored entry of a zip archive lies in the file.</summary>
internal sealed record ZipEntry(string Name, long Start, long Length, uint Crc);

/// <summary>
/// The entries of a zip archive whose contents are stored as they are, as PyTorch writes them (also zip64).
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int MaximumComment = 65535;
    private const int Zip64Field = 1;

    private readonly MappedFile _file;
    private readonly Dictionary<string, ZipEntry> _entries = [];

    private ZipDirectory(MappedFile file) => _file = file;

    /// <summary>The entries in the order of the directory.</summary>
    internal IReadOnlyCollection<ZipEntry> Entries => _entries.Values;

    /// <summary>Whether the file begins like a zip archive.</summary>
    internal static bool Matches(MappedFile file) => file.Length >= 4 && file.Span(0, 4).SequenceEqual("PK\x3\x4"u8);

    /// <summary>Reads the directory at the end of the file.</summary>
    /// <exception cref="CheckpointException">
    /// The archive is truncated or damaged, or its entries are compressed.
    /// </exception>
    internal static ZipDirectory Read(MappedFile file)
    {
        var directory = new ZipDirectory(file);
        directory.ReadEntries();
        return directory;
    }

    /// <summary>An entry by name, or null.</summary>
    internal ZipEntry? Find(string name) => _entries.GetValueOrDefault(name);

    private void ReadEntries()
    {
        var (count, size, start) = FindDirectory();
        if (start < 0 || size < 0 || start > _file.Length - size)
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected {size} bytes of directory at {start}, found {_file.Length} bytes in all");
        }

        var place = start;
        for (var i = 0L; i < count; i++)
        {
            place += ReadEntry(place, start + size);
        }
    }

    private (long Count, long Size, long Start) FindDirectory()
    {
        var tail = (int)Math.Min(_file.Length, EndBytes + MaximumComment);
        var place = _file.Span(_file.Length - tail, tail).LastIndexOf("PK\x5\x6"u8);
        if (place < 0 || tail - place < EndBytes)
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected the archive's directory at the end, found none in {_file.Length} bytes");
        }

        var end = _file.Span(_file.Length - tail + place, EndBytes);
        return FindDirectory64(_file.Length - tail + place) ?? (
            BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(end[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
    }

    private (long Count, long Size, long Start)? FindDirectory64(long end)
    {
        if (end < LocatorBytes || !_file.Span(end - LocatorBytes, 4).SequenceEqual("PK\x6\x7"u8))
        {
            return null;
        }

        var place = BinaryPrimitives.ReadInt64LittleEndian(_file.Span(end - LocatorBytes + 8, 8));
        if (place < 0 || place > _file.Length - End64Bytes || !_file.Span(place, 4).SequenceEqual("PK\x6\x6"u8))
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected the end of the archive's directory at {place}, found other bytes");
        }

        var record = _file.Span(place, End64Bytes);
        return (
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]));
    }

    // Gives the bytes that the entry takes in the directory.
    private long ReadEntry(long place, long end)
    {
        if (place > end - CentralBytes || !_file.Span(place, 4).SequenceEqual("PK\x1\x2"u8))
        {
            throw Damaged($"expected an entry of the archive's directory at {place}");
        }

        var header = _file.Span(place, CentralBytes);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
        var commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        if (place + CentralBytes + nameLength + extraLength + commentLength > end)
        {
            throw Damaged($"the entry of the archive's directory at {place} is longer than the directory");
        }

        var name = Encoding.UTF8.GetString(_file.Span(place + CentralBytes, nameLength));
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[10..]) != 0)
        {
            throw new CheckpointException(
                $"{_file.Path}: {name} must be stored as it is, found it compressed. PyTorch does not compress: "
                + "unpack the archive that the checkpoint came in, or pack it again with 'zip -0'.");
        }

        AddEntry(name, header, _file.Span(place + CentralBytes + nameLength, extraLength));
        return CentralBytes + nameLength + extraLength + commentLength;
    }

    private void AddEntry(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        long length = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long local = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        var wide = Field(extra, Zip64Field);
        length = Wide(length, ref wide);
        Wide(packed, ref wide);
        local = Wide(local, ref wide);
        var start = ContentStart(name, local);
        if (length < 0 || start > _file.Length - length)
        {
            throw CheckpointFiles.Truncated(
                _file.Path, $"expected {length} bytes for {name}, found {Math.Max(0, _file.Length - start)}");
        }

        _entries[name] = new(name, start, length, BinaryPrimitives.ReadUInt32LittleEndian(header[16..]));
    }

    private long ContentStart(string name, long local)
    {
        if (local < 0 || local > _file.Length - LocalBytes || !_file.Span(local, 4).SequenceEqual("PK\x3\x4"u8))
        {
            throw Damaged($"expected the entry {name} at {local}");
        }

        var header = _file.Span(local, LocalBytes);
        return local + LocalBytes
            + BinaryPrimitives.ReadUInt16LittleEndian(header[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
    }

    // A number that does not fit into 4 bytes stands in the zip64 field instead; the numbers follow each other there.
    private static long Wide(long value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue || field.Length < sizeof(long))
        {
            return value;
        }

        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> extra, int id)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private CheckpointException Damaged(string what) =>
        new($"{_file.Path}: {what}, found other bytes. The file is damaged: copy or download it again.");
}
