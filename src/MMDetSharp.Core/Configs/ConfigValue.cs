namespace MMDetSharp.Core.Configs;

/// <summary>A value of a config: a scalar, a sequence or a node, with the place where it was written.</summary>
public abstract class ConfigValue
{
    private protected ConfigValue(ConfigKind kind, ConfigOrigin origin)
    {
        Kind = kind;
        Origin = origin;
    }

    /// <summary>What the value is.</summary>
    public ConfigKind Kind { get; }

    /// <summary>Where the value was written.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>Whether the value is <c>None</c>.</summary>
    public bool IsNone => Kind == ConfigKind.None;

    /// <summary>Whether two values have the same kind (1 is not 1.0) and content; the order of keys is free.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool Same(ConfigValue left, ConfigValue right)
    {
        if (left.Kind != right.Kind)
        {
            return false;
        }

        return (left, right) switch
        {
            (ConfigNode a, ConfigNode b) => ConfigNode.SameEntries(a, b),
            (ConfigSequence a, ConfigSequence b) => ConfigSequence.SameItems(a, b),
            (ConfigScalar a, ConfigScalar b) => Equals(a.Content, b.Content),
            _ => false,
        };
    }

    /// <summary>The value as Python writes it (<c>repr</c>).</summary>
    public override string ToString() => PythonText.Repr(this);

    /// <summary>Python's name of the value's type, for messages.</summary>
    internal string TypeName => Kind switch
    {
        ConfigKind.None => "None",
        ConfigKind.Bool => "bool",
        ConfigKind.Int => "int",
        ConfigKind.Float => "float",
        ConfigKind.String => "str",
        ConfigKind.List => "list",
        ConfigKind.Tuple => "tuple",
        ConfigKind.Set => "set",
        ConfigKind.Node => "dict",
        _ => "function",
    };

    /// <summary>The value as a message shows it: its type and, shortened, its text.</summary>
    internal string Describe()
    {
        if (Kind is ConfigKind.None)
        {
            return "None";
        }

        var text = ToString();
        return $"the {TypeName} {(text.Length > 60 ? text[..57] + "..." : text)}";
    }
}
