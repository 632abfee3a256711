using System.Diagnostics.CodeAnalysis;

namespace MMDetSharp.Core.Configs;

/// <summary>A dict of a config: keys in the order in which they were written, each with its origin.</summary>
public sealed class ConfigNode : ConfigValue
{
    private static readonly object NoneKey = new();

    private readonly List<ConfigEntry> _entries = [];
    private readonly Dictionary<object, ConfigEntry> _index = [];

    internal ConfigNode(ConfigOrigin origin)
        : base(ConfigKind.Node, origin)
    {
    }

    /// <summary>The number of keys.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys with their values and origins, in order.</summary>
    public IReadOnlyList<ConfigEntry> Entries => _entries;

    /// <summary>The value of a key.</summary>
    /// <param name="key">A string key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public ConfigValue this[string key] => Find(key)?.Value
        ?? throw new KeyNotFoundException($"{Origin}: there is no key {key}.");

    /// <summary>Whether there is such a key.</summary>
    /// <param name="key">A string key.</param>
    public bool Contains(string key) => _index.ContainsKey(key);

    /// <summary>Whether there is a key, and what it holds.</summary>
    /// <param name="key">A string key.</param>
    /// <param name="value">What it holds; null when there is none.</param>
    /// <returns>Whether there is such a key.</returns>
    public bool TryGet(string key, [MaybeNullWhen(false)] out ConfigValue value)
    {
        value = Find(key)?.Value;
        return value is not null;
    }

    /// <summary>The entry of a key, or null where there is none.</summary>
    /// <param name="key">A string key.</param>
    public ConfigEntry? Find(string key) => _index.GetValueOrDefault(key);

    /// <summary>The entries in order, for <c>foreach</c>.</summary>
    public IEnumerator<ConfigEntry> GetEnumerator() => _entries.GetEnumerator();

    /// <summary>The entry of a key of any type, or null.</summary>
    internal ConfigEntry? Find(ConfigValue key) => _index.GetValueOrDefault(Index(key));

    /// <summary>Sets a key: a new one goes to the end, a known one keeps its place.</summary>
    internal void Set(ConfigValue key, ConfigValue value, ConfigOrigin origin)
    {
        var index = Index(key);
        if (_index.TryGetValue(index, out var entry))
        {
            entry.Value = value;
            entry.Origin = origin;
            return;
        }

        entry = new ConfigEntry(key, value, origin);
        _entries.Add(entry);
        _index.Add(index, entry);
    }

    /// <summary>Sets a string key.</summary>
    internal void Set(string key, ConfigValue value, ConfigOrigin origin) =>
        Set(new ConfigScalar(key, origin), value, origin);

    /// <summary>Sets every key of another node, with its origins.</summary>
    internal void SetAll(ConfigNode other)
    {
        for (var i = 0; i < other._entries.Count; i++)
        {
            var entry = other._entries[i];
            Set(entry.Key, entry.Value, entry.Origin);
        }
    }

    /// <summary>Removes a key; returns its value, or null where there was none.</summary>
    internal ConfigValue? Remove(ConfigValue key) => RemoveIndex(Index(key));

    /// <inheritdoc cref="Remove(ConfigValue)"/>
    internal ConfigValue? Remove(string key) => RemoveIndex(key);

    internal void Clear()
    {
        _entries.Clear();
        _index.Clear();
    }

    /// <summary>Whether a value can be a key: Python calls it hashable.</summary>
    internal static bool CanBeKey(ConfigValue value)
    {
        if (value is not ConfigSequence sequence)
        {
            return value is ConfigScalar;
        }

        return sequence.Kind == ConfigKind.Tuple && sequence.Items.TrueForAll(CanBeKey);
    }

    internal static bool SameEntries(ConfigNode a, ConfigNode b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach (var entry in a._entries)
        {
            var other = b.Find(entry.Key);
            if (other is null || !Same(entry.Key, other.Key) || !Same(entry.Value, other.Value))
            {
                return false;
            }
        }

        return true;
    }

    private ConfigValue? RemoveIndex(object index)
    {
        if (!_index.Remove(index, out var entry))
        {
            return null;
        }

        _entries.Remove(entry);
        return entry.Value;
    }

    /// <summary>Python holds 1, 1.0 and True for one key.</summary>
    private static object Index(ConfigValue key) => key switch
    {
        ConfigScalar { Content: null } => NoneKey,
        ConfigScalar { Content: bool truth } => truth ? 1L : 0L,
        ConfigScalar { Content: double number } when number == Math.Floor(number) && Math.Abs(number) < 1e15 =>
            (long)number,
        ConfigScalar scalar => scalar.Content!,
        _ => "\0" + key,
    };
}
