namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Walking through values, and the rules for keys.</summary>
internal static class Iteration
{
    /// <summary>No list of a config is longer: a larger one is a slip, and would only fill the memory.</summary>
    internal const int LongestList = 100_000;

    /// <summary>The items that a <c>for</c> over the value visits: a copy, as the loop may change it.</summary>
    internal static List<ConfigValue> Items(ConfigValue value, ConfigOrigin at) => value switch
    {
        ConfigSequence sequence => [.. sequence.Items],
        ConfigNode node => node.Entries.Select(entry => entry.Key).ToList(),
        ConfigScalar { Content: string text } => Characters(text, value.Origin),
        _ => throw ConfigException.AtColumn(
            at, $"a list, tuple, dict or str must stand here, found {value.Describe()}. Put brackets around it."),
    };

    /// <summary>A value that can be a key, or an error.</summary>
    internal static ConfigValue Key(ConfigValue value, ConfigOrigin at) => ConfigNode.CanBeKey(value)
        ? value
        : throw ConfigException.AtColumn(
            at, $"a key must be a str, a number or a tuple of them, found {value.Describe()}. Use a tuple.");

    /// <summary>The values without repetitions, in order.</summary>
    internal static List<ConfigValue> Distinct(List<ConfigValue> values, ConfigOrigin at)
    {
        var node = new ConfigNode(at);
        foreach (var value in values)
        {
            if (node.Find(Key(value, at)) is null)
            {
                node.Set(value, value, at);
            }
        }

        return node.Entries.Select(entry => entry.Key).ToList();
    }

    private static List<ConfigValue> Characters(string text, ConfigOrigin origin)
    {
        var items = new List<ConfigValue>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            items.Add(new ConfigScalar(rune.ToString(), origin));
        }

        return items;
    }
}
