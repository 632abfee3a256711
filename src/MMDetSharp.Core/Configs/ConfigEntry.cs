namespace MMDetSharp.Core.Configs;

/// <summary>One key of a <see cref="ConfigNode"/> with its value and the place where the key was set.</summary>
public sealed class ConfigEntry
{
    internal ConfigEntry(ConfigValue key, ConfigValue value, ConfigOrigin origin)
    {
        Key = key;
        Value = value;
        Origin = origin;
    }

    /// <summary>The key: nearly always a string; Python also allows numbers, bools, None and tuples.</summary>
    public ConfigValue Key { get; }

    /// <summary>The key as text: the string itself, or the text of another key.</summary>
    public string Name => Key is ConfigScalar { Content: string text } ? text : Key.ToString();

    /// <summary>What the key holds: a scalar, a list, tuple or set, or a dict.</summary>
    public ConfigValue Value { get; internal set; }

    /// <summary>Where the key was set.</summary>
    public ConfigOrigin Origin { get; internal set; }
}
