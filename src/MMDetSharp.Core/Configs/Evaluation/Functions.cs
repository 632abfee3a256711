namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The functions that a config may call: all are pure.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, Func<Arguments, ConfigValue>> Table = new()
    {
        ["dict"] = Dict,
        ["list"] = call => Sequence(call, "list", ConfigKind.List),
        ["tuple"] = call => Sequence(call, "tuple", ConfigKind.Tuple),
        ["set"] = call => Sequence(call, "set", ConfigKind.Set),
        ["frozenset"] = call => Sequence(call, "frozenset", ConfigKind.Set),
        ["range"] = Range,
        ["len"] = Length,
        ["int"] = NumberFunctions.Int,
        ["float"] = NumberFunctions.Float,
        ["str"] = Str,
        ["repr"] = Repr,
        ["bool"] = Bool,
        ["abs"] = NumberFunctions.Abs,
        ["round"] = NumberFunctions.Round,
        ["pow"] = NumberFunctions.Pow,
        ["divmod"] = NumberFunctions.DivMod,
        ["sum"] = NumberFunctions.Sum,
        ["min"] = call => SequenceFunctions.Extreme(call, "min", -1),
        ["max"] = call => SequenceFunctions.Extreme(call, "max", 1),
        ["sorted"] = SequenceFunctions.Sorted,
        ["reversed"] = SequenceFunctions.Reversed,
        ["zip"] = SequenceFunctions.Zip,
        ["enumerate"] = SequenceFunctions.Enumerate,
        ["map"] = SequenceFunctions.Map,
        ["any"] = call => SequenceFunctions.Quantify(call, "any", isAny: true),
        ["all"] = call => SequenceFunctions.Quantify(call, "all", isAny: false),
    };

    /// <summary>The names of the functions.</summary>
    internal static IEnumerable<string> Names => Table.Keys;

    internal static bool IsKnown(string name) => Table.ContainsKey(name);

    internal static ConfigValue Call(string name, Arguments arguments) => Table[name](arguments);

    /// <summary>Calls the function that a value names, such as the key of <c>sorted</c>.</summary>
    internal static ConfigValue Call(ConfigValue function, ConfigValue argument, Arguments call)
    {
        var name = (function as FunctionName ?? throw call.Fail(
            $"the name of a known function must stand here, found {function.Describe()}. Use a comprehension.")).Name;
        var arguments = new Arguments(call.Origin);
        arguments.Positional.Add(argument);
        return Call(name, arguments);
    }

    internal static ConfigException Unknown(string name, ConfigOrigin at)
    {
        var nearest = NearestName.Of(name, Names);
        return ConfigException.AtColumn(
            at,
            $"{name}() is not a function that a config may call. " +
            NearestName.Question(nearest, $"Write the value itself, or use one of {string.Join(", ", Names)}."));
    }

    private static ConfigNode Dict(Arguments call)
    {
        if (call.Count > 1)
        {
            throw call.Fail($"dict() takes one dict or list of pairs, found {call.Count}. Merge them with '**'.");
        }

        if (call.Count == 0)
        {
            return call.Keywords;
        }

        var node = new ConfigNode(call.Origin);
        AddAll(node, call[0], call.Origin);
        node.SetAll(call.Keywords);
        return node;
    }

    /// <summary>Adds a dict, or pairs of key and value, to a dict.</summary>
    internal static void AddAll(ConfigNode node, ConfigValue source, ConfigOrigin at)
    {
        if (source is ConfigNode other)
        {
            node.SetAll(other);
            return;
        }

        foreach (var item in Iteration.Items(source, at))
        {
            var pair = Iteration.Items(item, at);
            if (pair.Count != 2)
            {
                throw ConfigException.AtColumn(
                    at, $"a dict is made of pairs of key and value, found {item.Describe()}. Write (key, value).");
            }

            node.Set(Iteration.Key(pair[0], at), pair[1], pair[1].Origin);
        }
    }

    private static ConfigSequence Sequence(Arguments call, string name, ConfigKind kind)
    {
        call.Expect(name, 0, 1);
        var items = call.Count == 0 ? [] : Iteration.Items(call[0], call.Origin);
        items = kind == ConfigKind.Set ? Iteration.Distinct(items, call.Origin) : items;
        return new ConfigSequence(kind, items, call.Origin);
    }

    private static ConfigSequence Range(Arguments call)
    {
        call.Expect("range", 1, 3);
        var start = call.Count == 1 ? 0 : call.Integer(0, "range");
        var stop = call.Integer(call.Count == 1 ? 0 : 1, "range");
        var step = call.Count == 3 ? call.Integer(2, "range") : 1;
        if (step == 0)
        {
            throw call.Fail("the step of range() must not be 0. Remove it.");
        }

        var count = Math.Ceiling((stop - (double)start) / step);
        if (count > Iteration.LongestList)
        {
            throw call.Fail($"range() gives at most {Iteration.LongestList} numbers, found {count}. Use fewer.");
        }

        var items = new List<ConfigValue>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            items.Add(call.Scalar(i));
        }

        return call.List(items);
    }

    private static ConfigScalar Length(Arguments call)
    {
        call.Expect("len", 1, 1);
        return call.Scalar((long)Iteration.Items(call[0], call.Origin).Count);
    }

    private static ConfigScalar Str(Arguments call)
    {
        call.Expect("str", 0, 1);
        return call.Scalar(call.Count == 0 ? "" : PythonText.Str(call[0]));
    }

    private static ConfigScalar Repr(Arguments call)
    {
        call.Expect("repr", 1, 1);
        return call.Scalar(PythonText.Repr(call[0]));
    }

    private static ConfigScalar Bool(Arguments call)
    {
        call.Expect("bool", 0, 1);
        return call.Scalar(call.Count > 0 && Comparison.IsTrue(call[0]));
    }
}
