namespace MMDetSharp.Tests.Support;

/// <summary>An empty folder that is removed with all its content at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("mmdetsharp-").FullName;

    /// <summary>A path in the folder.</summary>
    internal string Under(string relative) => System.IO.Path.Combine(Path, relative);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
