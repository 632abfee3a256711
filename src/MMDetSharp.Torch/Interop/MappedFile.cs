using System.IO.MemoryMappedFiles;

namespace MMDetSharp.Torch.Interop;

/// <summary>
/// A file mapped into memory for reading: its bytes are read from disk when they are first looked at.
/// </summary>
/// <remarks>
/// Whoever holds a span of <see cref="Span"/> keeps this object alive until the span is no longer used.
/// </remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;
    private bool _disposed;

    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read, or is a folder.</exception>
    internal MappedFile(string path)
    {
        Path = path;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = stream.Length;
        if (Length == 0)
        {
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Unmaps a file whose owner was forgotten.</summary>
    ~MappedFile() => ReleasePointer();

    /// <summary>The path that was opened.</summary>
    internal string Path { get; }

    /// <summary>Bytes of the file.</summary>
    internal long Length { get; }

    /// <summary>
    /// Bytes <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/> of the file.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The mapping was released.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie in the file.</exception>
    internal ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || length < 0 || offset > Length - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{Path}: bytes {offset} + {length} do not lie in the file of {Length} bytes.");
        }

        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
        GC.SuppressFinalize(this);
    }

    private void ReleasePointer()
    {
        if (!_disposed && _start != null)
        {
            _start = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _disposed = true;
    }
}
