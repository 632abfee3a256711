using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Configs.Loading;

/// <summary>Merges a config into its base by the rules of mmcv.</summary>
/// <param name="allowListKeys">Whether a number as key names an item of a list: for overrides, not files.</param>
internal sealed class ConfigMerger(bool allowListKeys)
{
    private const string DeleteKey = "_delete_";

    /// <summary>Puts every key of a child into a base: dicts are merged, all else replaces.</summary>
    internal void Merge(ConfigNode child, ConfigNode target, string path)
    {
        foreach (var entry in child.Entries)
        {
            var known = target.Find(entry.Key);
            var place = path.Length == 0 ? entry.Name : $"{path}.{entry.Name}";
            target.Set(entry.Key, known is null ? entry.Value : Merge(entry, known, place), entry.Origin);
        }
    }

    private ConfigValue Merge(ConfigEntry entry, ConfigEntry known, string place)
    {
        if (entry.Value is not ConfigNode node || TakeDelete(node))
        {
            return entry.Value;
        }

        switch (known.Value)
        {
            case ConfigNode target:
                Merge(node, target, place);
                return target;
            case ConfigSequence sequence when allowListKeys && sequence.Kind != ConfigKind.Set:
                MergeItems(node, sequence, place);
                return sequence;
            default:
                throw new ConfigException(
                    entry.Origin,
                    $"{place} is a dict here, but {known.Value.Describe()} in the base ({known.Origin}). " +
                    "Add _delete_=True to the dict to replace the base.");
        }
    }

    private void MergeItems(ConfigNode child, ConfigSequence target, string path)
    {
        foreach (var entry in child.Entries)
        {
            if (!int.TryParse(entry.Name, out var index) || index < 0 || index >= target.Count)
            {
                throw new ConfigException(
                    entry.Origin,
                    $"{path} is a {target.TypeName} of {target.Count} items, found the key {entry.Name}. " +
                    "Use the number of an item, from 0.");
            }

            var known = new ConfigEntry(entry.Key, target[index], target[index].Origin);
            target.Items[index] = Merge(entry, known, $"{path}.{index}");
        }
    }

    /// <summary>Removes <c>_delete_</c> from a dict and tells whether it was true.</summary>
    private static bool TakeDelete(ConfigNode node) =>
        node.Remove(DeleteKey) is { } value && Comparison.IsTrue(value);
}
