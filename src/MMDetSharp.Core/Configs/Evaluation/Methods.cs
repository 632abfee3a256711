namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The methods of values that a config may call.</summary>
internal static class Methods
{
    /// <summary><c>target.name(arguments)</c>.</summary>
    internal static ConfigValue Call(ConfigValue target, string name, Arguments arguments, ConfigOrigin at)
    {
        switch (target)
        {
            case ConfigNode node when DictMethods.Table.TryGetValue(name, out var method):
                return method(node, arguments);
            case ConfigSequence { Kind: ConfigKind.List } list when ListMethods.Table.TryGetValue(name, out var method):
                return method(list, arguments);
            case ConfigSequence { Kind: ConfigKind.Tuple } tuple when name is "index" or "count" or "copy":
                return ListMethods.Table[name](tuple, arguments);
            case ConfigSequence { Kind: ConfigKind.Set } set when SetMethods.Table.TryGetValue(name, out var method):
                return method(set, arguments);
            case ConfigScalar { Content: string text } when TextMethods.Table.TryGetValue(name, out var method):
                return method(text, arguments);
            default:
                throw Unknown(target, name, at);
        }
    }

    /// <summary>What a method without a result returns.</summary>
    internal static ConfigValue Nothing(Arguments call) => call.Scalar(null);

    private static ConfigException Unknown(ConfigValue target, string name, ConfigOrigin at)
    {
        if (target is ConfigNode node && node.Contains(name))
        {
            return ConfigException.AtColumn(
                at, $"the keys of a dict are not attributes here. Write ['{name}'] instead of .{name}.");
        }

        IEnumerable<string> known = target switch
        {
            ConfigNode => DictMethods.Table.Keys,
            ConfigSequence { Kind: ConfigKind.List } => ListMethods.Table.Keys,
            ConfigSequence { Kind: ConfigKind.Tuple } => ["count", "index"],
            ConfigSequence => SetMethods.Table.Keys,
            ConfigScalar { Content: string } => TextMethods.Table.Keys,
            _ => [],
        };
        var list = string.Join(", ", known);
        return ConfigException.AtColumn(
            at,
            $"{target.Describe()} has no method {name}. " + NearestName.Question(
                NearestName.Of(name, known), list.Length == 0 ? "Remove the call." : $"It has {list}."));
    }
}
