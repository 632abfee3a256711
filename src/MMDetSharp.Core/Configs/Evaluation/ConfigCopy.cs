namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Copies values so that nothing is shared: what the file named twice becomes two values.</summary>
internal sealed class ConfigCopy
{
    private const int DeepestNesting = 200;
    private const int MostValues = 1_000_000;

    private int _count;

    private ConfigCopy()
    {
    }

    /// <summary>A copy of a value.</summary>
    /// <exception cref="ConfigException">The value contains itself, is too large, or holds a function.</exception>
    internal static ConfigValue Of(ConfigValue value) => new ConfigCopy().Copy(value, 0);

    private ConfigValue Copy(ConfigValue value, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new ConfigException(
                value.Origin, "the value contains itself, or is nested too deep. Copy it first.");
        }

        if (++_count > MostValues)
        {
            throw new ConfigException(
                value.Origin, $"a config has at most {MostValues} values. Make its lists shorter.");
        }

        return value switch
        {
            ConfigScalar scalar => scalar,
            ConfigSequence sequence => Copy(sequence, depth),
            ConfigNode node => Copy(node, depth),
            FunctionName function => throw new ConfigException(
                value.Origin, $"a config holds no functions, found {function.Name}. Write its name in quotes."),
            _ => throw new ConfigException(value.Origin, "an import is no value. Write the value itself."),
        };
    }

    private ConfigSequence Copy(ConfigSequence sequence, int depth)
    {
        var items = new List<ConfigValue>(sequence.Count);
        foreach (var item in sequence.Items)
        {
            items.Add(Copy(item, depth + 1));
        }

        return new ConfigSequence(sequence.Kind, items, sequence.Origin);
    }

    private ConfigNode Copy(ConfigNode node, int depth)
    {
        var copy = new ConfigNode(node.Origin);
        foreach (var entry in node.Entries)
        {
            copy.Set(entry.Key, Copy(entry.Value, depth + 1), entry.Origin);
        }

        return copy;
    }
}
