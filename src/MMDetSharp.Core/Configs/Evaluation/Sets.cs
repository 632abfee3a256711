namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>The operators of sets, and <c>|</c> of dicts.</summary>
internal static class Sets
{
    internal static ConfigValue? Union(ConfigValue a, ConfigValue b, Result at)
    {
        if (a is ConfigNode left && b is ConfigNode right)
        {
            var node = new ConfigNode(at.Origin);
            node.SetAll(left);
            node.SetAll(right);
            return node;
        }

        return AreSets(a, b, out var x, out var y)
            ? new ConfigSequence(ConfigKind.Set, Iteration.Distinct([.. x, .. y], at.Origin), at.Origin)
            : null;
    }

    internal static ConfigValue? Intersection(ConfigValue a, ConfigValue b, Result at) =>
        AreSets(a, b, out var x, out var y) ? Where(x, y, isIn: true, at) : null;

    internal static ConfigValue? Difference(ConfigValue a, ConfigValue b, Result at) =>
        AreSets(a, b, out var x, out var y) ? Where(x, y, isIn: false, at) : null;

    private static ConfigSequence Where(List<ConfigValue> x, List<ConfigValue> y, bool isIn, Result at) =>
        new(
            ConfigKind.Set,
            x.FindAll(item => y.Exists(other => Comparison.AreEqual(item, other)) == isIn),
            at.Origin);

    private static bool AreSets(ConfigValue a, ConfigValue b, out List<ConfigValue> x, out List<ConfigValue> y)
    {
        var (left, right) = (a as ConfigSequence, b as ConfigSequence);
        (x, y) = (left?.Items ?? [], right?.Items ?? []);
        return left?.Kind == ConfigKind.Set && right?.Kind == ConfigKind.Set;
    }
}
