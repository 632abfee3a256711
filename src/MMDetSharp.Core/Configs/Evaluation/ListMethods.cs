namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The methods of a list; those that change nothing also serve tuples.</summary>
internal static class ListMethods
{
    internal static readonly Dictionary<string, Func<ConfigSequence, Arguments, ConfigValue>> Table = new()
    {
        ["append"] = Append,
        ["extend"] = Extend,
        ["insert"] = Insert,
        ["pop"] = Pop,
        ["remove"] = Remove,
        ["index"] = Index,
        ["count"] = Count,
        ["copy"] = Copy,
        ["reverse"] = Reverse,
        ["sort"] = Sort,
        ["clear"] = Clear,
    };

    private static ConfigValue Append(ConfigSequence list, Arguments call)
    {
        call.Expect("append", 1, 1);
        list.Items.Add(call[0]);
        return Methods.Nothing(call);
    }

    private static ConfigValue Extend(ConfigSequence list, Arguments call)
    {
        call.Expect("extend", 1, 1);
        list.Items.AddRange(Iteration.Items(call[0], call.Origin));
        return Methods.Nothing(call);
    }

    private static ConfigValue Insert(ConfigSequence list, Arguments call)
    {
        call.Expect("insert", 2, 2);
        var index = call.Integer(0, "insert");
        list.Items.Insert((int)Math.Clamp(index < 0 ? index + list.Count : index, 0, list.Count), call[1]);
        return Methods.Nothing(call);
    }

    private static ConfigValue Pop(ConfigSequence list, Arguments call)
    {
        call.Expect("pop", 0, 1);
        var index = call.Optional(0) ?? call.Scalar(-1L);
        var item = Indexing.Get(list, index, call.Origin);
        Indexing.Delete(list, index, call.Origin);
        return item;
    }

    private static ConfigValue Remove(ConfigSequence list, Arguments call)
    {
        list.Items.RemoveAt(Find(list, call, "remove"));
        return Methods.Nothing(call);
    }

    private static ConfigScalar Index(ConfigSequence list, Arguments call) =>
        call.Scalar((long)Find(list, call, "index"));

    private static int Find(ConfigSequence list, Arguments call, string method)
    {
        call.Expect(method, 1, 1);
        var index = list.Items.FindIndex(item => Comparison.AreEqual(item, call[0]));
        return index >= 0
            ? index
            : throw call.Fail($"{method}() did not find {call[0]} in the {list.TypeName}. Correct it.");
    }

    private static ConfigScalar Count(ConfigSequence list, Arguments call)
    {
        call.Expect("count", 1, 1);
        return call.Scalar((long)list.Items.FindAll(item => Comparison.AreEqual(item, call[0])).Count);
    }

    private static ConfigSequence Copy(ConfigSequence list, Arguments call)
    {
        call.Expect("copy", 0, 0);
        return call.List([.. list.Items]);
    }

    private static ConfigValue Reverse(ConfigSequence list, Arguments call)
    {
        call.Expect("reverse", 0, 0);
        list.Items.Reverse();
        return Methods.Nothing(call);
    }

    private static ConfigValue Sort(ConfigSequence list, Arguments call)
    {
        call.Expect("sort", 0, 0, "key", "reverse");
        var sorted = SequenceFunctions.Sort(call, list.Items);
        list.Items.Clear();
        list.Items.AddRange(sorted);
        return Methods.Nothing(call);
    }

    private static ConfigValue Clear(ConfigSequence list, Arguments call)
    {
        call.Expect("clear", 0, 0);
        list.Items.Clear();
        return Methods.Nothing(call);
    }
}
