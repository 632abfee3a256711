namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>min, max, sorted, reversed, zip, enumerate, map, any, all. Lazy ones give lists here.</summary>
internal static class SequenceFunctions
{
    internal static ConfigValue Extreme(Arguments call, string name, int sign)
    {
        call.Expect(name, 1, int.MaxValue, "key", "default");
        var items = call.Count == 1 ? Iteration.Items(call[0], call.Origin) : call.Positional;
        if (items.Count == 0)
        {
            return call.Keywords.Find("default")?.Value
                ?? throw call.Fail($"{name}() needs at least one item, found none. Give it a default=.");
        }

        var keys = Keys(call, items);
        var best = 0;
        for (var i = 1; i < items.Count; i++)
        {
            best = Comparison.Order(keys[i], keys[best], call.Origin) * sign > 0 ? i : best;
        }

        return items[best];
    }

    internal static ConfigValue Sorted(Arguments call)
    {
        call.Expect("sorted", 1, 1, "key", "reverse");
        return call.List(Sort(call, Iteration.Items(call[0], call.Origin)));
    }

    /// <summary>The items in order: equal ones keep theirs. Keywords: key, reverse.</summary>
    internal static List<ConfigValue> Sort(Arguments call, List<ConfigValue> items)
    {
        var keys = Keys(call, items);
        var order = new int[items.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var sign = call.Keywords.Find("reverse") is { } reverse && Comparison.IsTrue(reverse.Value) ? -1 : 1;
        Array.Sort(order, (a, b) =>
        {
            var comparison = a == b ? 0 : Comparison.Order(keys[a], keys[b], call.Origin) * sign;
            return comparison != 0 ? comparison : a.CompareTo(b);
        });
        return Array.ConvertAll(order, i => items[i]).ToList();
    }

    internal static ConfigValue Reversed(Arguments call)
    {
        call.Expect("reversed", 1, 1);
        var items = Iteration.Items(call[0], call.Origin);
        items.Reverse();
        return call.List(items);
    }

    internal static ConfigValue Zip(Arguments call)
    {
        call.Expect("zip", 0, int.MaxValue);
        var rows = call.Positional.ConvertAll(item => Iteration.Items(item, call.Origin));
        var count = rows.Count == 0 ? 0 : rows.Min(row => row.Count);
        var tuples = new List<ConfigValue>(count);
        for (var i = 0; i < count; i++)
        {
            tuples.Add(new ConfigSequence(ConfigKind.Tuple, rows.ConvertAll(row => row[i]), call.Origin));
        }

        return call.List(tuples);
    }

    internal static ConfigValue Enumerate(Arguments call)
    {
        call.Expect("enumerate", 1, 2, "start");
        var start = call.Optional(1, "start") is not { } given ? 0
            : Numbers.IsInteger(given, out var number) ? number
            : throw call.Fail($"enumerate() needs an int to start from, found {given.Describe()}. Correct it.");
        var pairs = Iteration.Items(call[0], call.Origin);
        for (var i = 0; i < pairs.Count; i++)
        {
            pairs[i] = new ConfigSequence(ConfigKind.Tuple, [call.Scalar(start + i), pairs[i]], call.Origin);
        }

        return call.List(pairs);
    }

    internal static ConfigValue Map(Arguments call)
    {
        call.Expect("map", 2, 2);
        return call.List(
            Iteration.Items(call[1], call.Origin).ConvertAll(item => Functions.Call(call[0], item, call)));
    }

    internal static ConfigValue Quantify(Arguments call, string name, bool isAny)
    {
        call.Expect(name, 1, 1);
        var items = Iteration.Items(call[0], call.Origin);
        return call.Scalar(isAny ? items.Exists(Comparison.IsTrue) : items.TrueForAll(Comparison.IsTrue));
    }

    private static List<ConfigValue> Keys(Arguments call, List<ConfigValue> items) =>
        call.Keywords.Find("key") is { Value.IsNone: false } key
            ? items.ConvertAll(item => Functions.Call(key.Value, item, call))
            : items;
}
