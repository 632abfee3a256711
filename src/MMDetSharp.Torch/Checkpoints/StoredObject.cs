namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// An object of a Python class that this library does not know: only what the file says of it. Nothing was run.
/// </summary>
public sealed class StoredObject : StoredValue
{
    internal StoredObject(string module, string name, StoredList arguments)
    {
        Module = module;
        Name = name;
        Arguments = arguments;
    }

    /// <summary>The Python module of the class or function: <c>models.yolo</c>.</summary>
    public string Module { get; }

    /// <summary>The class or function: <c>Model</c>.</summary>
    public string Name { get; }

    /// <summary>What the class or function would have been called with.</summary>
    public StoredList Arguments { get; }

    /// <summary>What would have become the object's attributes, or null.</summary>
    public StoredValue? State { get; internal set; }

    /// <summary>What would have been appended to the object, a subclass of list.</summary>
    public StoredList Items { get; } = [];

    /// <summary>What would have been set in the object, a subclass of dict.</summary>
    public StoredDictionary Entries { get; } = [];

    /// <summary>An attribute by name.</summary>
    /// <returns>The attribute, or null where the object has none of this name.</returns>
    public StoredValue? Attribute(string name) =>
        State is StoredDictionary state && state.TryGet(name, out var value) ? value : null;

    /// <summary>What this is, for messages.</summary>
    public override string ToString() => $"an object of {Module}.{Name}";
}
