using System.Collections;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A list, tuple or set of a checkpoint.</summary>
public sealed class StoredList : StoredValue, IReadOnlyList<StoredValue>
{
    private readonly List<StoredValue> _items;

    /// <summary>A collection of these items.</summary>
    public StoredList(IEnumerable<StoredValue> items, StoredSequenceKind kind = StoredSequenceKind.List)
    {
        _items = [.. items];
        Kind = kind;
    }

    /// <summary>An empty list, to be filled.</summary>
    public StoredList()
        : this([])
    {
    }

    /// <summary>Which of Python's collections this is.</summary>
    public StoredSequenceKind Kind { get; }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public StoredValue this[int index] => _items[index];

    /// <summary>Appends an item.</summary>
    public void Add(StoredValue item) => _items.Add(item);

    /// <inheritdoc/>
    public IEnumerator<StoredValue> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What this is, for messages.</summary>
    public override string ToString() => $"a {Kind.ToString().ToLowerInvariant()} of {Count}";
}
