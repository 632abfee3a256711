using System.Globalization;

using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Darknet;

/// <summary>A section of a Darknet <c>.cfg</c>. Reading a key makes it known; <see cref="Done"/> refuses the others.</summary>
public sealed class DarknetSection
{
    private readonly List<DarknetOption> _options = [];
    private readonly List<string> _asked = [];

    internal DarknetSection(string type, ConfigOrigin origin)
    {
        Type = type;
        Origin = origin;
    }

    /// <summary>The word in brackets: <c>convolutional</c>.</summary>
    public string Type { get; }

    /// <summary>The line of the brackets.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>The lines <c>key=value</c>, in order.</summary>
    public IReadOnlyList<DarknetOption> Options => _options;

    /// <summary>Whether a key is written.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The whole number of a key, or Darknet's default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">Darknet's default.</param>
    /// <exception cref="ConfigException">It is written and no whole number.</exception>
    public int Int(string key, int missing) => Find(key) is { } option ? Int(option) : missing;

    /// <summary>A whole number that must be at least 1.</summary>
    /// <inheritdoc cref="Int(string, int)"/>
    public int Count(string key, int missing)
    {
        var value = Int(key, missing);
        return value >= 1 ? value : throw Error(key, $"must be at least 1, got {value}. Correct it.");
    }

    /// <summary>A number that stands for yes when it is not 0.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">Darknet's default.</param>
    /// <exception cref="ConfigException">It is written and no number.</exception>
    public bool Flag(string key, bool missing = false) => Find(key) is { } option ? Float(option) != 0 : missing;

    /// <summary>The number of a key, or Darknet's default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">Darknet's default.</param>
    /// <exception cref="ConfigException">It is written and no number.</exception>
    public double Float(string key, double missing) => Find(key) is { } option ? Float(option) : missing;

    /// <summary>The text of a key, or Darknet's default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">Darknet's default.</param>
    public string Text(string key, string missing) => Find(key)?.Value ?? missing;

    /// <summary>The text of a key that must be one of several words.</summary>
    /// <param name="key">The key.</param>
    /// <param name="missing">Darknet's default.</param>
    /// <param name="choices">The words that Darknet knows.</param>
    /// <exception cref="ConfigException">It is another word.</exception>
    public string Choice(string key, string missing, params IReadOnlyCollection<string> choices)
    {
        var value = Text(key, missing);
        if (choices.Contains(value))
        {
            return value;
        }

        var question = NearestName.Question(NearestName.Of(value, choices), "Choose one of them.");
        throw Error(key, $"must be one of {string.Join(", ", choices)}, got '{value}'. {question}");
    }

    /// <summary>Whole numbers with commas between; empty where the key is not written.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">One is no whole number.</exception>
    public int[] Ints(string key) => Find(key) is { } option ? [.. Items(option).Select(text => Int(option, text))] : [];

    /// <summary>Numbers with commas between; empty where the key is not written.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">One is no number.</exception>
    public double[] Floats(string key) => Find(key) is { } option ? [.. Items(option).Select(text => Float(option, text))] : [];

    /// <summary>Names keys that are right but change nothing here.</summary>
    /// <param name="keys">The keys.</param>
    public void Ignore(IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _asked.AddRange(keys);
    }

    /// <summary>Refuses a key that asks for something that is not there, unless it is 0.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What it asks for.</param>
    /// <exception cref="ConfigException">It is written and not 0.</exception>
    public void Refuse(string key, string what)
    {
        if (Flag(key))
        {
            throw Error(key, $"asks for {what}, which is not supported. Train the network without it.");
        }
    }

    /// <summary>Refuses the keys that nobody read: call it when the section has been read.</summary>
    /// <exception cref="ConfigException">There is one; the message tells what it could mean.</exception>
    public void Done()
    {
        if (_options.Find(option => !_asked.Contains(option.Key)) is not { } unknown)
        {
            return;
        }

        var known = _asked.Distinct().Order(StringComparer.Ordinal).ToList();
        var question = NearestName.Question(
            NearestName.Of(unknown.Key, known), known.Count == 0 ? "It has none." : $"Known are {string.Join(", ", known)}.");
        throw new ConfigException(unknown.Origin, $"{unknown.Key} is not a key of [{Type}]. {question}");
    }

    /// <summary>An error about a key, at its line; at the section's where it is not written.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What follows the key: "must be positive, got -1. Correct it."</param>
    public ConfigException Error(string key, string message) => new(
        _options.Find(option => option.Key == key)?.Origin ?? Origin, $"[{Type}] {key} {message}");

    /// <summary>An error about the whole section, at its line.</summary>
    /// <param name="message">What follows the section: "must follow an image. Move it."</param>
    public ConfigException Error(string message) => new(Origin, $"[{Type}] {message}");

    internal void Add(string key, string value, ConfigOrigin origin) =>
        _options.Add(new DarknetOption(key, value, origin));

    /// <summary>Another section with the same lines, none of them asked for.</summary>
    internal DarknetSection Copy()
    {
        var copy = new DarknetSection(Type, Origin);
        copy._options.AddRange(_options);
        return copy;
    }

    /// <summary>Writes a number in place of the first line of a key, or as a new line.</summary>
    internal void Set(string key, int value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var place = _options.FindIndex(option => option.Key == key);
        if (place < 0)
        {
            Add(key, text, Origin);
            return;
        }

        _options[place] = _options[place] with { Value = text };
    }

    private static string[] Items(DarknetOption option) => option.Value.TrimEnd(',').Split(',');

    private DarknetOption? Find(string key)
    {
        if (!_asked.Contains(key))
        {
            _asked.Add(key);
        }

        return _options.Find(option => option.Key == key);
    }

    private int Int(DarknetOption option) => Int(option, option.Value);

    private int Int(DarknetOption option, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(option, "a whole number", text);

    private double Float(DarknetOption option) => Float(option, option.Value);

    private double Float(DarknetOption option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(option, "a number", text);

    private ConfigException Wrong(DarknetOption option, string expected, string found) =>
        new(option.Origin, $"[{Type}] {option.Key} must be {expected}, got '{found}'. Correct it.");
}
