namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The names that a config file has assigned so far; a comprehension has its own on top.</summary>
internal sealed class Scope
{
    private readonly Scope? _outer;
    private readonly Func<Scope, ConfigNode> _loadBases;
    private ConfigNode? _bases;

    /// <summary>The scope of a file.</summary>
    /// <param name="origin">Where the file begins.</param>
    /// <param name="loadBases">Gives the merged bases, for <c>{{ _base_.x }}</c>; called once at most.</param>
    internal Scope(ConfigOrigin origin, Func<Scope, ConfigNode> loadBases)
    {
        Names = new ConfigNode(origin);
        _loadBases = loadBases;
    }

    private Scope(Scope outer, ConfigOrigin origin)
    {
        _outer = outer;
        _loadBases = outer._loadBases;
        Names = new ConfigNode(origin);
    }

    /// <summary>The names assigned here.</summary>
    internal ConfigNode Names { get; }

    /// <summary>The merged bases of the file.</summary>
    internal ConfigNode Bases => _outer?.Bases ?? (_bases ??= _loadBases(this));

    /// <summary>The scope of a comprehension in this one.</summary>
    internal Scope Inner(ConfigOrigin origin) => new(this, origin);

    /// <summary>The value of a name, or null.</summary>
    internal ConfigValue? Find(string name) => Names.Find(name)?.Value ?? _outer?.Find(name);

    /// <summary>All names that can be seen, for "did you mean".</summary>
    internal IEnumerable<string> AllNames()
    {
        foreach (var entry in Names)
        {
            yield return entry.Name;
        }

        foreach (var name in _outer?.AllNames() ?? Functions.Names)
        {
            yield return name;
        }
    }
}

/// <summary>A name that an import bound: it has no value.</summary>
internal sealed class ImportedName(ConfigOrigin origin) : ConfigValue(ConfigKind.Opaque, origin);

/// <summary>A function's name used as a value: <c>sorted(x, key=len)</c>.</summary>
internal sealed class FunctionName(string name, ConfigOrigin origin) : ConfigValue(ConfigKind.Opaque, origin)
{
    internal string Name => name;
}
