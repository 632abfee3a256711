using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A dictionary of a checkpoint, in the order of the file.</summary>
public sealed class StoredDictionary : StoredValue, IReadOnlyCollection<KeyValuePair<StoredValue, StoredValue>>
{
    private readonly List<KeyValuePair<StoredValue, StoredValue>> _items = [];
    private readonly Dictionary<StoredValue, int> _places = [];

    /// <summary>Whether Python sees a <c>collections.OrderedDict</c>, as state dictionaries are.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>
    /// Attributes that Python set on the dictionary (<c>_metadata</c> of a state dictionary), or null.
    /// </summary>
    public StoredValue? Attributes { get; internal set; }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <summary>The value of a text key. Setting keeps the place of a known key and appends a new one.</summary>
    /// <exception cref="CheckpointException">Reading: there is no such key.</exception>
    public StoredValue this[string key]
    {
        get => TryGet(key, out var value) ? value : throw new CheckpointException(
            $"Checkpoint: the key '{key}' is needed, found {Keys()}. "
            + "The file was written by another program or version.");
        set => Set(key, value);
    }

    /// <summary>Whether the key is there.</summary>
    public bool Contains(StoredValue key) => _places.ContainsKey(key);

    /// <summary>Looks a key up.</summary>
    public bool TryGet(StoredValue key, [NotNullWhen(true)] out StoredValue? value)
    {
        var found = _places.TryGetValue(key, out var place);
        value = found ? _items[place].Value : null;
        return found;
    }

    /// <summary>Sets a key: a known key keeps its place, a new one is appended.</summary>
    public void Set(StoredValue key, StoredValue value)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _items[place] = new(_items[place].Key, value);
            return;
        }

        _places.Add(key, _items.Count);
        _items.Add(new(key, value));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<StoredValue, StoredValue>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What this is, for messages.</summary>
    public override string ToString() => $"a dictionary of {Keys()}";

    private string Keys()
    {
        const int shown = 8;
        var keys = string.Join(", ", _items.Take(shown).Select(item => item.Key.ToString()));
        return Count == 0 ? "no keys" : Count <= shown ? keys : $"{keys} and {Count - shown} more keys";
    }
}
