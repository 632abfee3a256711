using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Loading;

/// <summary>The overrides of the command line: <c>a.b.0.c=value</c>, read as mmcv's DictAction reads them.</summary>
internal static class ConfigOverrides
{
    /// <summary>Applies overrides to a config.</summary>
    internal static void Apply(ConfigNode root, IEnumerable<string> overrides)
    {
        var options = new ConfigNode(ConfigOrigin.CommandLine(""));
        foreach (var option in overrides)
        {
            Add(options, option);
        }

        new ConfigMerger(allowListKeys: true).Merge(options, root, "");
    }

    /// <summary>The value of an override: a number, bool, None, text, or a list or tuple of them.</summary>
    internal static ConfigValue Value(string text, ConfigOrigin origin)
    {
        text = text.Trim();
        if (IsQuoted(text))
        {
            var inner = text[1..^1];
            return inner.Length > 0 && inner[0] is '[' or '(' ? Value(inner, origin) : new ConfigScalar(inner, origin);
        }

        if (Enclosed(text, '(', ')'))
        {
            return new ConfigSequence(ConfigKind.Tuple, Items(text[1..^1], origin), origin);
        }

        if (Enclosed(text, '[', ']'))
        {
            return new ConfigSequence(ConfigKind.List, Items(text[1..^1], origin), origin);
        }

        if (!text.Contains(','))
        {
            return new ConfigScalar(Scalar(text), origin);
        }

        return NextComma(text, origin) < text.Length
            ? new ConfigSequence(ConfigKind.List, Items(text, origin), origin)
            : throw new ConfigException(
                origin, $"a value must be a number, a word, or a list or tuple of them, got {text}. Set the keys of a dict one " +
                "by one: a.b.type=GN a.b.num_groups=8; put text with commas into quotes.");
    }

    private static void Add(ConfigNode options, string option)
    {
        var origin = ConfigOrigin.CommandLine(option);
        var mark = option.IndexOf('=');
        if (mark <= 0)
        {
            throw new ConfigException(origin, "an override must be written key=value. Add the '=' and the value.");
        }

        var keys = option[..mark].Trim().Split('.');
        if (Array.Exists(keys, key => key.Length == 0))
        {
            throw new ConfigException(origin, "a key of an override must not be empty. Write a.b=value.");
        }

        var node = options;
        for (var i = 0; i < keys.Length - 1; i++)
        {
            node = Step(node, keys[i], origin);
        }

        node.Set(keys[^1], Value(option[(mark + 1)..], origin), origin);
    }

    private static ConfigNode Step(ConfigNode node, string key, ConfigOrigin origin)
    {
        if (!node.TryGet(key, out var next))
        {
            next = new ConfigNode(origin);
            node.Set(key, next, origin);
        }

        return next as ConfigNode ?? throw new ConfigException(
            origin, $"{key} has a value already ({next.Origin}) and cannot have keys. Remove one of the two.");
    }

    private static List<ConfigValue> Items(string text, ConfigOrigin origin)
    {
        var items = new List<ConfigValue>();
        while (text.Length > 0)
        {
            var comma = NextComma(text, origin);
            items.Add(Value(text[..comma], origin));
            text = comma < text.Length ? text[(comma + 1)..].TrimStart() : "";
        }

        return items;
    }

    /// <summary>The first comma outside of brackets and quotes, or the length.</summary>
    private static int NextComma(string text, ConfigOrigin origin)
    {
        var (level, quote) = (0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (quote != '\0' || character is '"' or '\'')
            {
                quote = quote == '\0' ? character : character == quote ? '\0' : quote;
                continue;
            }

            level += character switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (character == ',' && level == 0)
            {
                return i;
            }
        }

        return level == 0
            ? text.Length
            : throw new ConfigException(origin, $"the brackets of {text} must be balanced. Add the missing one.");
    }

    private static bool IsQuoted(string text) =>
        text.Length > 1 && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) == text.Length - 1;

    /// <summary>Whether the last character closes the first bracket: not so in (1,2),(3,4).</summary>
    private static bool Enclosed(string text, char open, char close)
    {
        if (text.Length < 2 || text[0] != open || text[^1] != close)
        {
            return false;
        }

        var level = 0;
        for (var i = 0; i < text.Length - 1; i++)
        {
            level += text[i] == open ? 1 : text[i] == close ? -1 : 0;
            if (level == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static object? Scalar(string text)
    {
        if (Numbers.TryInteger(text, out var integer))
        {
            return integer;
        }

        if (Numbers.TryReal(text, out var number))
        {
            return number;
        }

        return text.ToLowerInvariant() switch
        {
            "true" => true,
            "false" => false,
            "none" when text == "None" => null,
            _ => text,
        };
    }
}
