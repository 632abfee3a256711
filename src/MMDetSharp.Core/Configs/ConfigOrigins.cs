using System.Text;

namespace MMDetSharp.Core.Configs;

/// <summary>Tells for each key of a config the file and line that it came from.</summary>
public static class ConfigOrigins
{
    /// <summary>The leaves of a config in order: scalars, empty dicts, and lists that hold no dict.</summary>
    /// <param name="root">The root of a config, or a part of it.</param>
    public static IReadOnlyList<ConfigLeaf> Leaves(ConfigNode root)
    {
        var leaves = new List<ConfigLeaf>();
        AddEntries(leaves, root, "");
        return leaves;
    }

    /// <summary>A line per leaf: <c>model.type = 'RetinaNet'  # configs/a.py:3</c>.</summary>
    /// <param name="root">The root of a config, or a part of it.</param>
    public static string Write(ConfigNode root)
    {
        var text = new StringBuilder();
        foreach (var leaf in Leaves(root))
        {
            text.Append(leaf.Key).Append(" = ").Append(leaf.Value).Append("  # ").Append(leaf.Origin).Append('\n');
        }

        return text.ToString();
    }

    private static void Add(List<ConfigLeaf> leaves, ConfigValue value, string key, ConfigOrigin origin)
    {
        switch (value)
        {
            case ConfigNode { Count: > 0 } node:
                AddEntries(leaves, node, key + ".");
                break;
            case ConfigSequence sequence when HoldsNode(sequence):
                for (var i = 0; i < sequence.Count; i++)
                {
                    Add(leaves, sequence[i], $"{key}.{i}", sequence[i].Origin);
                }

                break;
            default:
                leaves.Add(new ConfigLeaf(key, value, origin));
                break;
        }
    }

    private static void AddEntries(List<ConfigLeaf> leaves, ConfigNode node, string prefix)
    {
        foreach (var entry in node)
        {
            Add(leaves, entry.Value, prefix + entry.Name, entry.Origin);
        }
    }

    private static bool HoldsNode(ConfigSequence sequence) => sequence.Items.Exists(
        item => item is ConfigNode || (item is ConfigSequence inner && HoldsNode(inner)));
}
