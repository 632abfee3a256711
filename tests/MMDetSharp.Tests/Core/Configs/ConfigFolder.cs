namespace MMDetSharp.Tests.Core.Configs;

/// <summary>A folder of config files that a test writes; it goes when the test ends.</summary>
internal sealed class ConfigFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mmdet-configs-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    internal string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
