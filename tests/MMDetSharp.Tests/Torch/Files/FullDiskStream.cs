namespace MMDetSharp.Tests.Torch.Files;

/// <summary>A stream on a disk with only so much room.</summary>
internal sealed class FullDiskStream(Stream inner, long room) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (inner.Position + count > room)
        {
            throw new IOException("No space left on device");
        }

        inner.Write(buffer, offset, count);
    }
}
