namespace MMDetSharp.Core.Configs.Loading;

/// <summary>A resolved config: a file with its bases merged, templates replaced and overrides applied.</summary>
/// <remarks>
/// Files are MMDetection 2.x's own: a safe subset of Python, of which nothing is executed, or JSON. The rules of
/// merging are those of mmcv 1.x.
/// </remarks>
public sealed class Config
{
    internal Config(string path, ConfigNode root, IReadOnlyList<string> warnings)
    {
        Path = path;
        Root = root;
        Warnings = warnings;
    }

    /// <summary>The file as given.</summary>
    public string Path { get; }

    /// <summary>The merged dict of the whole config.</summary>
    public ConfigNode Root { get; }

    /// <summary>What the author of a file wants its users to know: its <c>_deprecation_</c>.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a config with its bases.</summary>
    /// <param name="path">A <c>.py</c> or <c>.json</c> file.</param>
    /// <param name="overrides">Values to replace, as on the command line: <c>optimizer.lr=0.01</c>.</param>
    /// <exception cref="ConfigException">
    /// A file is missing, is not in the subset, its bases collide or form a cycle, or an override has no place.
    /// </exception>
    public static Config Load(string path, IEnumerable<string>? overrides = null)
    {
        var loader = new ConfigLoader();
        return Finish(path, loader.Load(path), loader, overrides);
    }

    /// <summary>Reads a config from a text.</summary>
    /// <param name="text">The text of a <c>.py</c> file, or of a <c>.json</c> file by its name.</param>
    /// <param name="name">The name that messages show; bases are relative to its folder.</param>
    /// <param name="overrides">Values to replace, as on the command line.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>.</exception>
    public static Config Parse(string text, string name = "config.py", IEnumerable<string>? overrides = null)
    {
        var loader = new ConfigLoader();
        return Finish(name, loader.Parse(text, name), loader, overrides);
    }

    private static Config Finish(string path, ConfigNode root, ConfigLoader loader, IEnumerable<string>? overrides)
    {
        foreach (var entry in root)
        {
            if (entry.Name is "filename" or "text" or "pretty_text")
            {
                throw new ConfigException(entry.Origin, $"{entry.Name} is a reserved name. Choose another.");
            }
        }

        if (overrides is not null)
        {
            ConfigOverrides.Apply(root, overrides);
        }

        return new Config(path, root, loader.Warnings);
    }
}
