using System.Collections;

namespace MMDetSharp.Core.Configs;

/// <summary>A list, tuple or set of a config (<see cref="ConfigValue.Kind"/> tells which).</summary>
public sealed class ConfigSequence : ConfigValue, IReadOnlyList<ConfigValue>
{
    internal ConfigSequence(ConfigKind kind, List<ConfigValue> items, ConfigOrigin origin)
        : base(kind, origin) => Items = items;

    /// <inheritdoc/>
    public int Count => Items.Count;

    /// <summary>The items; while a file is read, lists grow and shrink as the file says.</summary>
    internal List<ConfigValue> Items { get; }

    /// <inheritdoc/>
    public ConfigValue this[int index] => Items[index];

    /// <inheritdoc/>
    public IEnumerator<ConfigValue> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static bool SameItems(ConfigSequence a, ConfigSequence b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (var i = 0; i < a.Count; i++)
        {
            if (!Same(a[i], b[i]))
            {
                return false;
            }
        }

        return true;
    }
}
