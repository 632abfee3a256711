namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>The text of one config file.</summary>
/// <param name="Name">The file as messages show it.</param>
/// <param name="FullPath">Its absolute path.</param>
/// <param name="Text">Its contents; lines end in <c>\n</c>.</param>
internal sealed record SourceFile(string Name, string FullPath, string Text)
{
    /// <summary>Reads a file; the name is relative to the current folder when the file lies below it.</summary>
    internal static SourceFile Read(string fullPath) =>
        new(DisplayName(fullPath), fullPath, Normalize(File.ReadAllText(fullPath)));

    /// <summary>A text that does not come from a file.</summary>
    internal static SourceFile FromText(string text, string name) =>
        new(name, Path.GetFullPath(name), Normalize(text));

    /// <summary>How messages show a file.</summary>
    internal static string DisplayName(string fullPath)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, fullPath);
        return relative.StartsWith("..", StringComparison.Ordinal) ? fullPath : relative.Replace('\\', '/');
    }

    /// <summary>Whether the file is JSON rather than Python.</summary>
    internal bool IsJson => FullPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    internal ConfigOrigin At(int line, int column) => new(Name, line, column);

    /// <summary>The value of <c>{{ fileDirname }}</c> and its like, or null for another name.</summary>
    internal string? Template(string name) => name switch
    {
        "fileDirname" => (Path.GetDirectoryName(FullPath) ?? "").Replace('\\', '/'),
        "fileBasename" => Path.GetFileName(FullPath),
        "fileBasenameNoExtension" => Path.GetFileNameWithoutExtension(FullPath),
        "fileExtname" => Path.GetExtension(FullPath),
        _ => null,
    };

    private static string Normalize(string text)
    {
        text = text.StartsWith('\ufeff') ? text[1..] : text;
        return text.Contains('\r') ? text.Replace("\r\n", "\n").Replace('\r', '\n') : text;
    }
}
