namespace MMDetSharp.Core.Configs;

/// <summary>What a <see cref="ConfigValue"/> is.</summary>
public enum ConfigKind
{
    /// <summary>Python's <c>None</c>.</summary>
    None,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A whole number of 64 bits.</summary>
    Int,

    /// <summary>A floating-point number of 64 bits.</summary>
    Float,

    /// <summary>A <c>str</c>.</summary>
    String,

    /// <summary>A list, <c>[a, b]</c>.</summary>
    List,

    /// <summary>A tuple, <c>(a, b)</c>.</summary>
    Tuple,

    /// <summary>A set, <c>{a, b}</c>.</summary>
    Set,

    /// <summary>A dict: a <see cref="ConfigNode"/>.</summary>
    Node,

    /// <summary>An import or the name of a function: only while a file is read, never in a loaded config.</summary>
    Opaque,
}
