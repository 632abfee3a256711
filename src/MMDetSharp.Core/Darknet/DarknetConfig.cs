using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Darknet;

/// <summary>
/// A Darknet <c>.cfg</c>: sections in brackets, each with lines <c>key=value</c>. The first, <c>[net]</c>, describes input
/// and training; every other one is a layer, numbered from 0.
/// </summary>
/// <remarks>
/// As Darknet reads it: blanks count nowhere, a line that begins with <c>#</c> or <c>;</c> is a comment, and of a key
/// that is written twice the first line counts. Unlike Darknet, nothing unknown is passed over: readers of a section
/// call <see cref="DarknetSection.Done"/>.
/// </remarks>
public sealed class DarknetConfig
{
    private DarknetConfig(string name, DarknetSection net, IReadOnlyList<DarknetSection> layers)
    {
        Name = name;
        Net = net;
        Layers = layers;
    }

    /// <summary>The file, as messages show it.</summary>
    public string Name { get; }

    /// <summary>The section <c>[net]</c> (or <c>[network]</c>).</summary>
    public DarknetSection Net { get; }

    /// <summary>The other sections, in order: layer 0, layer 1 ...</summary>
    public IReadOnlyList<DarknetSection> Layers { get; }

    /// <summary>Reads and parses a <c>.cfg</c> file.</summary>
    /// <param name="path">A <c>.cfg</c> file.</param>
    /// <exception cref="ConfigException">It is missing or is no Darknet cfg; the message tells file and line.</exception>
    public static DarknetConfig Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(ReadText(path), path);
    }

    /// <summary>Parses the text of a <c>.cfg</c> file.</summary>
    /// <param name="text">The content of a <c>.cfg</c> file.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="firstLine">The number of the text's first line in that file.</param>
    /// <exception cref="ConfigException">A line is neither a section nor <c>key=value</c>, or [net] is not first.</exception>
    public static DarknetConfig Parse(string text, string name, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        List<DarknetSection> sections = [];
        var number = firstLine - 1;
        foreach (var line in text.Split('\n'))
        {
            number++;
            Add(sections, Bare(line), new ConfigOrigin(name, number, 1));
        }

        if (sections.Count == 0 || sections[0].Type is not ("net" or "network"))
        {
            var found = sections.Count == 0 ? "no section at all" : $"[{sections[0].Type}]";
            throw new ConfigException(
                sections.Count == 0 ? new ConfigOrigin(name, firstLine, 1) : sections[0].Origin,
                $"a Darknet cfg must begin with [net], found {found}. Check that this is the network's cfg.");
        }

        return new DarknetConfig(name, sections[0], sections[1..]);
    }

    /// <summary>
    /// The same network for other classes: <c>classes</c> of every <c>[yolo]</c>, and <c>filters</c> of the convolution
    /// before it, which darknet's users change by hand.
    /// </summary>
    /// <param name="count">The number of classes, K.</param>
    /// <exception cref="ConfigException">There is no [yolo], or no convolution stands before one.</exception>
    public DarknetConfig WithClasses(int count)
    {
        DarknetSection[] layers = [.. Layers.Select(layer => layer.Copy())];
        if (count < 1 || !Array.Exists(layers, layer => layer.Type == "yolo"))
        {
            throw Net.Error($"{Name} must have a [yolo] section and {count} be above 0 to set its number of classes.");
        }

        for (var i = 0; i < layers.Length; i++)
        {
            if (layers[i].Type != "yolo")
            {
                continue;
            }

            if (i == 0 || layers[i - 1].Type != "convolutional")
            {
                throw layers[i].Error("must follow a [convolutional], whose filters its classes decide on. Move it.");
            }

            var anchors = layers[i].Has("mask") ? layers[i].Ints("mask").Length : layers[i].Int("num", 1);
            layers[i].Set("classes", count);
            layers[i - 1].Set("filters", anchors * (5 + count));
        }

        return new DarknetConfig(Name, Net, layers);
    }

    private static void Add(List<DarknetSection> sections, string line, ConfigOrigin origin)
    {
        if (line.Length == 0 || line[0] is '#' or ';')
        {
            return;
        }

        if (line[0] == '[')
        {
            var end = line.IndexOf(']', StringComparison.Ordinal);
            sections.Add(end > 1
                ? new DarknetSection(line[1..end], origin)
                : throw new ConfigException(origin, $"a section must be written [name], found {line}. Close the bracket."));
            return;
        }

        var mark = line.IndexOf('=', StringComparison.Ordinal);
        if (sections.Count == 0 || mark < 1)
        {
            throw new ConfigException(
                origin,
                $"a line must be [section] or, below one, key=value; found '{line}'. Correct it or begin it with #.");
        }

        sections[^1].Add(line[..mark], WithoutComment(line[(mark + 1)..]), origin);
    }

    // Darknet takes every blank out of a line, between words too.
    private static string Bare(string line) => string.Concat(line.Where(letter => letter is not (' ' or '\t' or '\r')));

    private static string WithoutComment(string value)
    {
        var mark = value.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 ? value : value[..mark];
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var what = File.Exists(path) ? $"it cannot be read ({exception.Message})" : "there is no such file";
            throw new ConfigException($"{path}: a Darknet cfg is needed, but {what}. Check the path.");
        }
    }
}
