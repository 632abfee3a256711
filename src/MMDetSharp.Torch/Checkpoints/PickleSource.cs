using System.Buffers.Binary;
using System.Text;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The bytes of a pickle in a file, read front to back; every read is checked against the end.</summary>
internal sealed class PickleSource(MappedFile file, long start, long end, ISet<string>? names = null)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The place of the next byte in the file.</summary>
    internal long Position { get; private set; } = start;

    /// <summary>The path, for messages.</summary>
    internal string Path => file.Path;

    /// <summary>Bytes that are left.</summary>
    internal long Left => end - Position;

    /// <summary>The next byte.</summary>
    internal byte Byte() => Bytes(1)[0];

    /// <summary>An unsigned integer of 2 bytes.</summary>
    internal int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    /// <summary>A signed integer of 4 bytes.</summary>
    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    /// <summary>An unsigned integer of 4 bytes.</summary>
    internal long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>A floating-point number of 8 bytes, big-endian as pickles have it.</summary>
    internal double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    /// <summary>A length of 8 bytes.</summary>
    internal long Length64()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));
        return length <= long.MaxValue ? (long)length : throw Fail($"a length must be less than 2^63, found {length}");
    }

    /// <summary>So many bytes.</summary>
    internal ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > Left || count < 0)
        {
            throw CheckpointFiles.Truncated(
                Path, $"expected {count} bytes at {Position}, found {Left} up to the end of the pickled data");
        }

        if (count > Array.MaxLength)
        {
            throw Fail($"a value must be smaller than 2 GiB, found {count} bytes");
        }

        var bytes = file.Span(Position, (int)count);
        Position += count;
        return bytes;
    }

    /// <summary>
    /// A text of so many bytes of UTF-8; lone surrogates and other damage become replacement characters.
    /// </summary>
    internal string Text(long bytes) => Encoding.UTF8.GetString(Bytes(bytes));

    /// <summary>A line up to the next line feed, which is left out.</summary>
    internal string Line() => Line(Encoding.UTF8);

    /// <summary>A line in a given encoding.</summary>
    internal string Line(Encoding encoding)
    {
        var window = file.Span(Position, (int)Math.Min(Left, Array.MaxLength));
        var length = window.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw CheckpointFiles.Truncated(
                Path, $"expected the end of a line after byte {Position}, found the end of the data");
        }

        var line = encoding.GetString(Bytes(length));
        Position++;
        return line;
    }

    /// <summary>A byte string of Python 2: a text where it is one, else bytes (the raw data of arrays).</summary>
    internal StoredValue OldString(long count) => OldString(Bytes(count));

    /// <inheritdoc cref="OldString(long)"/>
    internal static StoredValue OldString(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new StoredScalar(bytes.ToArray());
        }
    }

    /// <summary>The name of a class or function; it is noted that the file holds it.</summary>
    internal StoredGlobal Global(string module, string name)
    {
        names?.Add($"{module}.{name}");
        return new StoredGlobal(module, name);
    }

    /// <summary>The exception for content that is wrong here.</summary>
    internal CheckpointException Fail(string what) => new(
        $"{Path}: byte {Position}: {what}. The file is damaged or of an unknown kind: copy or download it again, "
        + "or save it anew with torch.save.");
}
