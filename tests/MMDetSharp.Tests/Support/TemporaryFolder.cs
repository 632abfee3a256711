namespace MMDetSharp.Tests.Support;

/// <summary>An empty folder that is removed with all its content at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>A new folder, deleted with this object.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("mmdetsharp-").FullName;

    /// <summary>A path in the folder.</summary>
    internal string Under(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a text file, with the folders above it, and gives its path.</summary>
    internal string Write(string relative, string text)
    {
        var path = Under(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
