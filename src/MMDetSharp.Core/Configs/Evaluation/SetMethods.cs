namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The methods of a set.</summary>
internal static class SetMethods
{
    internal static readonly Dictionary<string, Func<ConfigSequence, Arguments, ConfigValue>> Table = new()
    {
        ["add"] = Add,
        ["update"] = Update,
        ["discard"] = Discard,
        ["copy"] = (set, call) => new ConfigSequence(ConfigKind.Set, [.. set.Items], call.Origin),
        ["union"] = (set, call) => Combine("|", set, call),
        ["intersection"] = (set, call) => Combine("&", set, call),
        ["difference"] = (set, call) => Combine("-", set, call),
    };

    private static ConfigValue Add(ConfigSequence set, Arguments call)
    {
        call.Expect("add", 1, 1);
        return Replace(set, Iteration.Distinct([.. set.Items, call[0]], call.Origin), call);
    }

    private static ConfigValue Update(ConfigSequence set, Arguments call)
    {
        call.Expect("update", 1, 1);
        return Replace(
            set, Iteration.Distinct([.. set.Items, .. Iteration.Items(call[0], call.Origin)], call.Origin), call);
    }

    private static ConfigValue Discard(ConfigSequence set, Arguments call)
    {
        call.Expect("discard", 1, 1);
        set.Items.RemoveAll(item => Comparison.AreEqual(item, call[0]));
        return Methods.Nothing(call);
    }

    private static ConfigValue Combine(string sign, ConfigSequence set, Arguments call)
    {
        var items = Iteration.Items(call[0], call.Origin);
        return Operators.Apply(sign, set, new ConfigSequence(ConfigKind.Set, items, call.Origin), call.Origin);
    }

    private static ConfigValue Replace(ConfigSequence set, List<ConfigValue> items, Arguments call)
    {
        set.Items.Clear();
        set.Items.AddRange(items);
        return Methods.Nothing(call);
    }
}
