namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Items and slices: <c>a[i]</c>, <c>a[i:j]</c>.</summary>
internal static class Indexing
{
    internal static ConfigValue Get(ConfigValue target, ConfigValue index, ConfigOrigin at) => target switch
    {
        ConfigNode node => node.Find(Iteration.Key(index, at))?.Value ?? throw MissingKey(node, index, at),
        ConfigSequence { Kind: not ConfigKind.Set } sequence => sequence[Position(index, sequence.Count, at)],
        ConfigScalar { Content: string text } =>
            new ConfigScalar(text[Position(index, text.Length, at)].ToString(), at),
        _ => throw ConfigException.AtColumn(at, $"{target.Describe()} has no items. Remove the brackets."),
    };

    internal static void Set(ConfigValue target, ConfigValue index, ConfigValue value, ConfigOrigin at)
    {
        switch (target)
        {
            case ConfigNode node:
                node.Set(Iteration.Key(index, at), value, at);
                break;
            case ConfigSequence { Kind: ConfigKind.List } list:
                list.Items[Position(index, list.Count, at)] = value;
                break;
            default:
                throw Unchangeable(target, at);
        }
    }

    internal static void Delete(ConfigValue target, ConfigValue index, ConfigOrigin at)
    {
        switch (target)
        {
            case ConfigNode node:
                _ = node.Remove(Iteration.Key(index, at)) ?? throw MissingKey(node, index, at);
                break;
            case ConfigSequence { Kind: ConfigKind.List } list:
                list.Items.RemoveAt(Position(index, list.Count, at));
                break;
            default:
                throw Unchangeable(target, at);
        }
    }

    internal static ConfigValue Slice(ConfigValue target, ConfigValue?[] bounds, ConfigOrigin at)
    {
        var count = target switch
        {
            ConfigSequence { Kind: not ConfigKind.Set } sequence => sequence.Count,
            ConfigScalar { Content: string text } => text.Length,
            _ => throw ConfigException.AtColumn(at, $"{target.Describe()} cannot be sliced. Use a list, tuple or str."),
        };
        var (start, stop, step) = Resolve(bounds, count, at);
        var picked = new List<int>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            picked.Add(i);
        }

        return target is ConfigSequence list
            ? new ConfigSequence(list.Kind, picked.ConvertAll(i => list[i]), at)
            : new ConfigScalar(string.Concat(picked.Select(i => Text(target)[i])), at);
    }

    /// <summary>The bounds of a slice within a length, as Python's <c>slice.indices</c>.</summary>
    internal static (int Start, int Stop, int Step) Resolve(ConfigValue?[] bounds, int count, ConfigOrigin at)
    {
        var step = (int)Math.Clamp(Bound(bounds[2], 1, at), -int.MaxValue / 4, int.MaxValue / 4);
        if (step == 0)
        {
            throw ConfigException.AtColumn(at, "the step of a slice must not be 0. Remove it.");
        }

        var (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1);
        var start = Clamp(bounds[0], step > 0 ? lowest : highest, count, (lowest, highest), at);
        var stop = Clamp(bounds[1], step > 0 ? highest : lowest, count, (lowest, highest), at);
        return (start, stop, step);
    }

    private static int Clamp(ConfigValue? bound, int missing, int count, (int Low, int High) range, ConfigOrigin at)
    {
        if (bound is null || bound.IsNone)
        {
            return missing;
        }

        var value = Bound(bound, 0, at);
        return (int)Math.Clamp(value < 0 ? value + count : value, range.Low, range.High);
    }

    private static long Bound(ConfigValue? bound, long missing, ConfigOrigin at)
    {
        if (bound is null || bound.IsNone)
        {
            return missing;
        }

        return Numbers.IsInteger(bound, out var value)
            ? value
            : throw ConfigException.AtColumn(at, $"a slice needs ints, found {bound.Describe()}. Correct the bound.");
    }

    private static int Position(ConfigValue index, int count, ConfigOrigin at)
    {
        if (!Numbers.IsInteger(index, out var position))
        {
            throw ConfigException.AtColumn(at, $"an index must be an int, found {index.Describe()}. Correct it.");
        }

        var fromStart = position < 0 ? position + count : position;
        return fromStart >= 0 && fromStart < count
            ? (int)fromStart
            : throw ConfigException.AtColumn(
                at, $"the index {position} is outside of the {count} items. Count from 0, or from the end with -1.");
    }

    private static string Text(ConfigValue target) => (string)((ConfigScalar)target).Content!;

    private static ConfigException MissingKey(ConfigNode node, ConfigValue key, ConfigOrigin at)
    {
        var name = PythonText.Str(key);
        var nearest = NearestName.Of(name, node.Entries.Select(entry => entry.Name));
        var known = node.Count == 0 ? "The dict is empty." :
            $"It has {string.Join(", ", node.Entries.Select(entry => entry.Name))}.";
        return ConfigException.AtColumn(at, $"the dict has no key {key}. {NearestName.Question(nearest, known)}");
    }

    private static ConfigException Unchangeable(ConfigValue target, ConfigOrigin at) => ConfigException.AtColumn(
        at, $"only items of a dict or list can be changed, found {target.Describe()}. Make a list of it first.");
}
