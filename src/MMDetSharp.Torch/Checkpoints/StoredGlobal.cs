namespace MMDetSharp.Torch.Checkpoints;

/// <summary>
/// The bare name of a Python class, function or constant, as in <c>torch.float32</c>. It is only a name here.
/// </summary>
public sealed class StoredGlobal : StoredValue
{
    internal StoredGlobal(string module, string name)
    {
        Module = module;
        Name = name;
    }

    /// <summary>The Python module: <c>torch</c>.</summary>
    public string Module { get; }

    /// <summary>The name in the module: <c>float32</c>.</summary>
    public string Name { get; }

    /// <summary>The full name, for messages.</summary>
    public override string ToString() => $"{Module}.{Name}";
}
