using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Files;

/// <summary>
/// Replaces a file in one step: either the whole new content is there afterwards, or the old file as it was.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>
    /// Writes a file through a temporary one beside it: write, flush to the disk, rename, flush the folder.
    /// </summary>
    /// <param name="path">The file to make or replace. Its folder is made where it is missing.</param>
    /// <param name="write">Writes the content. What it throws comes out unchanged unless the disk is the cause.</param>
    /// <exception cref="IOException">
    /// The disk is full or the folder cannot be written; the old file is intact.
    /// </exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, stream => stream);

    /// <summary>As above, with a stream between the writer and the file: tests let it fail.</summary>
    internal static void Write(string path, Action<Stream> write, Func<Stream, Stream> wrap)
    {
        var full = Target(path);
        var folder = Path.GetDirectoryName(full)
            ?? throw new IOException($"{path}: a file is needed, this is a root folder. Give a file name.");
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            WriteTemporary(temporary, write, wrap);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: cannot be written: {Reason(exception)}. {Fate(full)} "
                + $"Free some space or make {folder} writable, or choose another folder, and try again.",
                exception);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }

        FolderSync.Flush(folder);
    }

    // A link stays a link: what it points to is replaced.
    private static string Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    // The system's words without the name of the temporary file, which the user has never seen.
    private static string Reason(Exception exception)
    {
        var name = exception.Message.IndexOf('\'', StringComparison.Ordinal);
        return (name > 0 ? exception.Message[..name] : exception.Message).TrimEnd(' ', ':', '.');
    }

    private static string Fate(string full) => File.Exists(full)
        ? "The file that was there before is unchanged."
        : "Nothing was left behind.";

    private static void WriteTemporary(string temporary, Action<Stream> write, Func<Stream, Stream> wrap)
    {
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        var stream = wrap(file);
        write(stream);
        stream.Flush();
        file.Flush(flushToDisk: true);
    }
}
