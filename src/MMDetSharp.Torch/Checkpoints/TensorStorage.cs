using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The bytes that one or more stored tensors share.</summary>
internal abstract class TensorStorage
{
    /// <summary>Bytes in all.</summary>
    internal abstract long ByteLength { get; }

    /// <summary>A part of the bytes, little-endian. Keep this object alive while the span is used.</summary>
    internal abstract ReadOnlySpan<byte> Span(long offset, int length);
}

/// <summary>Bytes in managed memory.</summary>
internal sealed class ArrayStorage(byte[] bytes) : TensorStorage
{
    internal override long ByteLength => bytes.LongLength;

    internal override ReadOnlySpan<byte> Span(long offset, int length) => bytes.AsSpan(checked((int)offset), length);
}

/// <summary>Bytes in a mapped file, checked against the file's own sum when they are first looked at.</summary>
internal sealed class MappedStorage(MappedFile file, long start, long length) : TensorStorage
{
    private bool _checked;

    internal override long ByteLength => length;

    /// <summary>The sum that the file records of these bytes, or null.</summary>
    internal uint? Crc { get; init; }

    internal override ReadOnlySpan<byte> Span(long offset, int count)
    {
        if (!_checked)
        {
            Check();
            _checked = true;
        }

        return file.Span(start + offset, count);
    }

    private void Check()
    {
        if (Crc is { } wanted && Crc32.OfFile(file, start, length) != wanted)
        {
            throw new CheckpointException(
                $"{file.Path}: the bytes at {start} are damaged: their check sum is not the recorded one. "
                + "Copy or download the file again.");
        }
    }
}
