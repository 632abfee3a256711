namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The methods of a dict.</summary>
internal static class DictMethods
{
    internal static readonly Dictionary<string, Func<ConfigNode, Arguments, ConfigValue>> Table = new()
    {
        ["get"] = Get,
        ["keys"] = (node, call) => List(node, call, "keys", entry => entry.Key),
        ["values"] = (node, call) => List(node, call, "values", entry => entry.Value),
        ["items"] = (node, call) => List(
            node, call, "items", entry => new ConfigSequence(ConfigKind.Tuple, [entry.Key, entry.Value], entry.Origin)),
        ["copy"] = Copy,
        ["update"] = Update,
        ["pop"] = Pop,
        ["setdefault"] = SetDefault,
        ["clear"] = Clear,
    };

    private static ConfigValue Get(ConfigNode node, Arguments call)
    {
        call.Expect("get", 1, 2);
        return node.Find(Iteration.Key(call[0], call.Origin))?.Value ?? call.Optional(1) ?? Methods.Nothing(call);
    }

    private static ConfigSequence List(
        ConfigNode node, Arguments call, string name, Func<ConfigEntry, ConfigValue> pick)
    {
        call.Expect(name, 0, 0);
        var items = new List<ConfigValue>(node.Count);
        foreach (var entry in node.Entries)
        {
            items.Add(pick(entry));
        }

        return call.List(items);
    }

    private static ConfigNode Copy(ConfigNode node, Arguments call)
    {
        call.Expect("copy", 0, 0);
        var copy = new ConfigNode(call.Origin);
        copy.SetAll(node);
        return copy;
    }

    private static ConfigValue Update(ConfigNode node, Arguments call)
    {
        if (call.Count > 0)
        {
            Functions.AddAll(node, call[0], call.Origin);
        }

        node.SetAll(call.Keywords);
        return Methods.Nothing(call);
    }

    private static ConfigValue Pop(ConfigNode node, Arguments call)
    {
        call.Expect("pop", 1, 2);
        return node.Remove(Iteration.Key(call[0], call.Origin)) ?? call.Optional(1) ?? throw call.Fail(
            $"the dict has no key {call[0]} to pop. Give pop a second argument, or correct the key.");
    }

    private static ConfigValue SetDefault(ConfigNode node, Arguments call)
    {
        call.Expect("setdefault", 1, 2);
        var key = Iteration.Key(call[0], call.Origin);
        if (node.Find(key) is null)
        {
            node.Set(key, call.Optional(1) ?? Methods.Nothing(call), call.Origin);
        }

        return node.Find(key)!.Value;
    }

    private static ConfigValue Clear(ConfigNode node, Arguments call)
    {
        call.Expect("clear", 0, 0);
        node.Clear();
        return Methods.Nothing(call);
    }
}
