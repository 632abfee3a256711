using MMDetSharp.Torch.Files;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Opens files with messages that name the way out.</summary>
internal static class CheckpointFiles
{
    /// <summary>Maps a file for reading.</summary>
    /// <exception cref="CheckpointException">The file is missing, is a folder, or may not be read.</exception>
    internal static MappedFile Map(string path)
    {
        try
        {
            return new MappedFile(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: there is no such file. Check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = Directory.Exists(path)
                ? "is a folder: name a file in it"
                : "cannot be read: check its permissions";
            throw new CheckpointException($"{path}: {what}. ({exception.Message})", exception);
        }
    }

    /// <summary>Makes or replaces a file in one step.</summary>
    /// <exception cref="CheckpointException">It cannot be written; the old file is intact.</exception>
    internal static void Replace(string path, Action<Stream> write)
    {
        try
        {
            AtomicFile.Write(path, write);
        }
        catch (IOException exception)
        {
            throw new CheckpointException(exception.Message, exception);
        }
    }

    /// <summary>The message for a file that ends too early.</summary>
    internal static CheckpointException Truncated(string path, string detail) =>
        new($"{path} is truncated: {detail}. Copy or download it again.");
}
