using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Registry;

/// <summary>Reads one node of a config key by key, and at the end refuses the keys that nobody asked for.</summary>
/// <remarks>
/// Every getter comes in up to three forms: <c>Int(key)</c> for a key that must be there, <c>Int(key, 3)</c> for one
/// that may be missing or None, and <c>IntOrNull(key)</c>. A value of another type is an error that names the place.
/// </remarks>
public sealed class ConfigReader
{
    private readonly Dictionary<(string Key, int Item), ConfigReader> _children = [];
    private readonly List<string> _asked = [];
    private readonly HashSet<string> _ignored = [];
    private readonly string? _owner;

    /// <summary>A reader of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">Where the node stands, such as <c>model.bbox_head</c>; empty for the root.</param>
    /// <param name="owner">Who reads it, for messages; by default the node's <c>type</c>.</param>
    public ConfigReader(ConfigNode node, string path = "", string? owner = null)
        : this(node, path, owner, node.Origin)
    {
    }

    private ConfigReader(ConfigNode node, string path, string? owner, ConfigOrigin origin)
    {
        Source = node;
        Path = path;
        Origin = origin;
        _owner = owner;
    }

    /// <summary>The dict that is read.</summary>
    public ConfigNode Source { get; }

    /// <summary>Where the node stands in the config, such as <c>model.bbox_head</c>.</summary>
    public string Path { get; }

    /// <summary>Where the node was written.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>The node's <c>type</c>, which names the class to build.</summary>
    /// <exception cref="ConfigException">There is none, or it is no string.</exception>
    public string TypeName => String("type");

    /// <summary>Whether a key is there and not None. The key counts as asked for.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The string of a key that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">It is missing or of another type.</exception>
    public string String(string key) => Required<string>(key, "a str", ConfigConversion.String);

    /// <summary>A string, or the default where it is missing or None.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">The value of a key that is missing or None.</param>
    /// <exception cref="ConfigException">It is of another type.</exception>
    public string String(string key, string missing) => StringOrNull(key) ?? missing;

    /// <summary>A string, or null where it is missing or None.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">It is of another type.</exception>
    public string? StringOrNull(string key) => Optional<string>(key, "a str", ConfigConversion.String, null);

    /// <summary>One of the given words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="choices">The words that are allowed.</param>
    /// <exception cref="ConfigException">It is missing or none of them.</exception>
    public string Choice(string key, params ReadOnlySpan<string> choices) => Chosen(key, String(key), choices);

    /// <summary>One of the given words, or the default where it is missing or None.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">The value of a key that is missing or None.</param>
    /// <param name="choices">The words that are allowed.</param>
    /// <exception cref="ConfigException">It is none of them.</exception>
    public string ChoiceOr(string key, string missing, params ReadOnlySpan<string> choices) =>
        Chosen(key, String(key, missing), choices);

    /// <summary>A whole number of 32 bits.</summary>
    /// <inheritdoc cref="String(string)"/>
    public int Int(string key) => Required<int>(key, "an int", ConfigConversion.Int);

    /// <summary>A whole number of 32 bits, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public int Int(string key, int missing) => Optional<int>(key, "an int", ConfigConversion.Int, missing);

    /// <summary>A whole number of 32 bits, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public int? IntOrNull(string key) => Has(key) ? Int(key) : null;

    /// <summary>A positive whole number of 32 bits.</summary>
    /// <inheritdoc cref="String(string)"/>
    public int Positive(string key) => AtLeast(key, Int(key), 1);

    /// <summary>A positive whole number of 32 bits, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public int Positive(string key, int missing) => AtLeast(key, Int(key, missing), 1);

    /// <summary>A whole number of 32 bits, 0 or more, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public int NotNegative(string key, int missing) => AtLeast(key, Int(key, missing), 0);

    /// <summary>A positive number, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public double Positive(string key, double missing)
    {
        var value = Float(key, missing);
        Check.RequirePositive(key, value);
        return value;
    }

    /// <summary>A number, 0 or more, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public double NotNegative(string key, double missing) => InRange(key, Float(key, missing), 0, double.PositiveInfinity);

    /// <summary>A number from 0 to 1.</summary>
    /// <inheritdoc cref="String(string)"/>
    public double Fraction(string key) => InRange(key, Float(key), 0, 1);

    /// <summary>A number from 0 to 1, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public double Fraction(string key, double missing) => InRange(key, Float(key, missing), 0, 1);

    /// <summary>A whole number of 64 bits.</summary>
    /// <inheritdoc cref="String(string)"/>
    public long Long(string key) => Required<long>(key, "an int", ConfigConversion.Long);

    /// <summary>A whole number of 64 bits, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public long Long(string key, long missing) => Optional<long>(key, "an int", ConfigConversion.Long, missing);

    /// <summary>A number; an int is one as well.</summary>
    /// <inheritdoc cref="String(string)"/>
    public double Float(string key) => Required<double>(key, "a float", ConfigConversion.Float);

    /// <summary>A number, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public double Float(string key, double missing) =>
        Optional<double>(key, "a float", ConfigConversion.Float, missing);

    /// <summary>A number, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public double? FloatOrNull(string key) => Has(key) ? Float(key) : null;

    /// <summary>True or false; 1 and 0 count as such.</summary>
    /// <inheritdoc cref="String(string)"/>
    public bool Bool(string key) => Required<bool>(key, "a bool", ConfigConversion.Bool);

    /// <summary>True or false, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public bool Bool(string key, bool missing) => Optional<bool>(key, "a bool", ConfigConversion.Bool, missing);

    /// <summary>True or false, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public bool? BoolOrNull(string key) => Has(key) ? Bool(key) : null;

    /// <summary>True or false; null where a word stands instead or the key is missing or None.</summary>
    /// <param name="key">The key.</param>
    /// <param name="word">The word: <c>auto</c>.</param>
    /// <exception cref="ConfigException">It is of another type, or another word.</exception>
    public bool? BoolOrWord(string key, string word) =>
        Find(key) is ConfigScalar { Content: string } && Choice(key, word) == word ? null : BoolOrNull(key);

    /// <summary>A list or tuple of ints.</summary>
    /// <inheritdoc cref="String(string)"/>
    public int[] Ints(string key) => Required<int[]>(key, "a list of ints", ConfigConversion.Ints);

    /// <summary>A list or tuple of ints, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public int[] Ints(string key, int[] missing) => IntsOrNull(key) ?? missing;

    /// <summary>A list or tuple of ints, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public int[]? IntsOrNull(string key) =>
        Optional<int[]>(key, "a list of ints", ConfigConversion.Ints, null);

    /// <summary>A list of ints, or one int, as a list of one; null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public int[]? IntsOrOne(string key) =>
        Optional<int[]>(key, "an int or a list of ints", ConfigConversion.IntsOrOne, null);

    /// <summary>A list or tuple of numbers.</summary>
    /// <inheritdoc cref="String(string)"/>
    public double[] Floats(string key) => Required<double[]>(key, "a list of floats", ConfigConversion.Floats);

    /// <summary>A list or tuple of numbers, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public double[] Floats(string key, double[] missing) => FloatsOrNull(key) ?? missing;

    /// <summary>A list or tuple of numbers, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public double[]? FloatsOrNull(string key) =>
        Optional<double[]>(key, "a list of floats", ConfigConversion.Floats, null);

    /// <summary>A list of numbers, or one number, as a list of one; null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public double[]? FloatsOrOne(string key) =>
        Optional<double[]>(key, "a float or a list of floats", ConfigConversion.FloatsOrOne, null);

    /// <summary>A list or tuple of strings.</summary>
    /// <inheritdoc cref="String(string)"/>
    public string[] Strings(string key) => Required<string[]>(key, "a list of strs", ConfigConversion.Strings);

    /// <summary>A list or tuple of strings, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public string[] Strings(string key, string[] missing) => StringsOrNull(key) ?? missing;

    /// <summary>A list or tuple of strings, or null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public string[]? StringsOrNull(string key) =>
        Optional<string[]>(key, "a list of strs", ConfigConversion.Strings, null);

    /// <summary>A list of strings, or one string, as a list of one; null where it is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public string[]? StringsOrOne(string key) =>
        Optional<string[]>(key, "a str or a list of strs", ConfigConversion.StringsOrOne, null);

    /// <summary>A list or tuple of bools.</summary>
    /// <inheritdoc cref="String(string)"/>
    public bool[] Bools(string key) => Required<bool[]>(key, "a list of bools", ConfigConversion.Bools);

    /// <summary>A list or tuple of bools, or the default where it is missing or None.</summary>
    /// <inheritdoc cref="String(string, string)"/>
    public bool[] Bools(string key, bool[] missing) =>
        Optional<bool[]>(key, "a list of bools", ConfigConversion.Bools, null) ?? missing;

    /// <summary>Two ints, such as <c>(1333, 800)</c>.</summary>
    /// <inheritdoc cref="String(string)"/>
    public (int First, int Second) IntPair(string key) =>
        Required<(int, int)>(key, "a pair of ints", ConfigConversion.IntPair);

    /// <summary>Two ints, or null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public (int First, int Second)? IntPairOrNull(string key) => Has(key) ? IntPair(key) : null;

    /// <summary>Two ints, or one int, which counts twice; null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public (int First, int Second)? IntPairOrOne(string key) => Has(key)
        ? Required<(int, int)>(key, "an int or a pair of ints", ConfigConversion.IntPairOrOne)
        : null;

    /// <summary>A list of pairs of ints, or one pair alone; null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public (int First, int Second)[]? IntPairsOrNull(string key) =>
        Optional<(int, int)[]>(key, "a pair of ints or a list of them", ConfigConversion.IntPairs, null);

    /// <summary>A list of lists of numbers: <c>[[2], [2, 3]]</c>.</summary>
    /// <inheritdoc cref="String(string)"/>
    public double[][] FloatLists(string key) =>
        Required<double[][]>(key, "a list of lists of floats", ConfigConversion.FloatLists);

    /// <summary>Two numbers, such as <c>(0.5, 1.5)</c>.</summary>
    /// <inheritdoc cref="String(string)"/>
    public (double First, double Second) FloatPair(string key) =>
        Required<(double, double)>(key, "a pair of floats", ConfigConversion.FloatPair);

    /// <summary>Two numbers, or null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public (double First, double Second)? FloatPairOrNull(string key) => Has(key) ? FloatPair(key) : null;

    /// <summary>A list of pairs of numbers; null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public (double First, double Second)[]? FloatPairsOrNull(string key) =>
        Optional<(double, double)[]>(key, "a list of pairs of floats", ConfigConversion.FloatPairs, null);

    /// <summary>A dict, to be read by its own reader; the same one at each call.</summary>
    /// <inheritdoc cref="String(string)"/>
    public ConfigReader Node(string key) => Child(key, Required<ConfigNode>(key, "a dict", ConfigConversion.Node));

    /// <summary>A dict, or null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public ConfigReader? NodeOrNull(string key) => Has(key) ? Node(key) : null;

    /// <summary>A list of dicts, each to be read by its own reader.</summary>
    /// <inheritdoc cref="String(string)"/>
    public IReadOnlyList<ConfigReader> Nodes(string key) =>
        ItemsOf(key, Required<ConfigNode[]>(key, "a list of dicts", ConfigConversion.Nodes));

    /// <summary>A list of dicts, or null where the key is missing or None.</summary>
    /// <inheritdoc cref="StringOrNull"/>
    public IReadOnlyList<ConfigReader>? NodesOrNull(string key) => Has(key) ? Nodes(key) : null;

    /// <summary>A list of dicts, or one dict, which counts as a list of one.</summary>
    /// <inheritdoc cref="String(string)"/>
    public IReadOnlyList<ConfigReader> NodesOrOne(string key) =>
        Find(key) is ConfigNode ? [Node(key)] : Nodes(key);

    /// <summary>A value as it is.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">It is missing.</exception>
    public ConfigValue Raw(string key)
    {
        Ask(key);
        return Source.Find(key)?.Value ?? throw Missing(key, "a value");
    }

    /// <summary>A value as it is, or null where the key is missing or None.</summary>
    /// <param name="key">The key.</param>
    public ConfigValue? RawOrNull(string key) => Find(key);

    /// <summary>Names keys that are valid but have no effect here.</summary>
    /// <param name="keys">The keys.</param>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Ask(key);
            _ignored.Add(key);
        }
    }

    /// <summary>Refuses the keys that nobody asked for, here and in every dict below that was handed out: call it when all
    /// has been read. What stands under a key that was named to <see cref="Ignore"/> is left to its own reader.</summary>
    /// <exception cref="ConfigException">There are such keys; the message tells what they could mean.</exception>
    public void Done() => UnreadKeys.Refuse(this);

    /// <summary>An error about a key, at the place where it was set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What follows the key: "must be positive, got -1. Correct it."</param>
    public ConfigException Error(string key, string message) =>
        new(Source.Find(key)?.Origin ?? Origin, $"{PathOf(key)} {message}");

    /// <summary>The keys that were asked for.</summary>
    internal IReadOnlyList<string> Asked => _asked;

    /// <summary>Who reads the node, for messages.</summary>
    internal string Owner => _owner
        ?? (Source.TryGet("type", out var type) && type is ConfigScalar { Content: string name } ? name : null)
        ?? (Path.Length == 0 ? "the config" : Path);

    /// <summary>The readers that were handed out, in the order of the config, except those below ignored keys.</summary>
    internal IEnumerable<ConfigReader> Children => _children
        .Where(child => !_ignored.Contains(child.Key.Key))
        .OrderBy(child => (child.Value.Origin.File, child.Value.Origin.Line, child.Value.Origin.Column))
        .Select(child => child.Value);

    /// <summary>Where a key stands: <c>model.bbox_head.num_classes</c>.</summary>
    internal string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private OptionCheck Check => new(Owner, Error);

    private int AtLeast(string key, int value, int least)
    {
        Check.Require(value >= least, key, least > 0 ? "must be positive" : "must be 0 or more", value);
        return value;
    }

    private double InRange(string key, double value, double from, double to)
    {
        Check.RequireRange(key, value, from, to);
        return value;
    }

    private void Ask(string key)
    {
        if (!_asked.Contains(key))
        {
            _asked.Add(key);
        }
    }

    /// <summary>The value, or null where it is missing or None.</summary>
    private ConfigValue? Find(string key)
    {
        Ask(key);
        return Source.Find(key)?.Value is { IsNone: false } value ? value : null;
    }

    private T Required<T>(string key, string expected, ConfigConversion.Converter<T> convert)
    {
        Ask(key);
        var value = Source.Find(key)?.Value ?? throw Missing(key, expected);
        return convert(value, out var result) ? result : throw Wrong(key, expected, value);
    }

    private T? Optional<T>(string key, string expected, ConfigConversion.Converter<T> convert, T? missing)
    {
        var value = Find(key);
        return value is null ? missing : convert(value, out var result) ? result : throw Wrong(key, expected, value);
    }

    private string Chosen(string key, string value, ReadOnlySpan<string> choices)
    {
        if (choices.Contains(value))
        {
            return value;
        }

        var words = choices.ToArray();
        var question = NearestName.Question(NearestName.Of(value, words), "Choose one of them.");
        throw Error(key, $"must be one of {string.Join(", ", words)}, got '{value}'. {question}");
    }

    private ConfigReader Child(string key, ConfigNode node) => Child((key, -1), node, Source.Find(key)!.Origin);

    private ConfigReader[] ItemsOf(string key, ConfigNode[] nodes) =>
        [.. nodes.Select((node, item) => Child((key, item), node, node.Origin))];

    private ConfigReader Child((string Key, int Item) place, ConfigNode node, ConfigOrigin origin)
    {
        if (!_children.TryGetValue(place, out var child))
        {
            var path = place.Item < 0 ? PathOf(place.Key) : PathOf($"{place.Key}.{place.Item}");
            child = new ConfigReader(node, path, null, origin);
            _children.Add(place, child);
        }

        return child;
    }

    private ConfigException Missing(string key, string expected)
    {
        var unread = Source.Entries.Select(entry => entry.Name).Where(name => !_asked.Contains(name));

        // Stricter than elsewhere: a key that was not read yet (out_channels) need not be wrong.
        var slip = NearestName.Within(key, unread, Math.Max(1, key.Length / 5));
        var question = slip is null ? "" : $" Or is {slip} a slip? Rename it to {key}.";
        return new(
            Origin, $"{PathOf(key)} is missing: {Owner} needs {expected} there. Add {key}=... to the dict.{question}");
    }

    private ConfigException Wrong(string key, string expected, ConfigValue value) =>
        Error(key, $"must be {expected}, got {value.Describe()}. {ConfigConversion.Advice(expected, value)}");
}
