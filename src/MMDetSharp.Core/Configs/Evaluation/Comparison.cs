namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Truth, equality and order as Python has them.</summary>
internal static class Comparison
{
    /// <summary>Whether a value counts as true: not None, False, zero or empty.</summary>
    internal static bool IsTrue(ConfigValue value) => value switch
    {
        ConfigScalar scalar => IsTrue(scalar.Content),
        ConfigSequence sequence => sequence.Count > 0,
        ConfigNode node => node.Count > 0,
        _ => true,
    };

    /// <summary>Whether a comparison holds.</summary>
    internal static bool Holds(string sign, ConfigValue left, ConfigValue right, ConfigOrigin at) => sign switch
    {
        "==" => AreEqual(left, right),
        "!=" => !AreEqual(left, right),
        "is" => IsSame(left, right),
        "is not" => !IsSame(left, right),
        "in" => Contains(right, left, at),
        "not in" => !Contains(right, left, at),
        _ => IsOrdered(sign, left, right, at),
    };

    /// <summary>Python's <c>==</c>: 1, 1.0 and True are equal.</summary>
    internal static bool AreEqual(ConfigValue a, ConfigValue b) => (a, b) switch
    {
        (ConfigNode x, ConfigNode y) => AreEqual(x, y),
        (ConfigSequence x, ConfigSequence y) => x.Kind == y.Kind && AreEqual(x, y),
        (ConfigScalar x, ConfigScalar y) => AreEqual(x, y),
        _ => ReferenceEquals(a, b),
    };

    /// <summary>Less than 0, 0 or more: the order of numbers, strings and sequences.</summary>
    internal static int Order(ConfigValue a, ConfigValue b, ConfigOrigin at)
    {
        if (Numbers.AreIntegers(a, b, out var i, out var j))
        {
            return i.CompareTo(j);
        }

        if (Numbers.AreNumbers(a, b, out var x, out var y))
        {
            return x < y ? -1 : x > y ? 1 : 0;
        }

        return (a, b) switch
        {
            (ConfigScalar { Content: string s }, ConfigScalar { Content: string t }) => string.CompareOrdinal(s, t),
            (ConfigSequence s, ConfigSequence t) when s.Kind == t.Kind && s.Kind != ConfigKind.Set => Order(s, t, at),
            _ => throw ConfigException.AtColumn(
                at, $"{a.Describe()} and {b.Describe()} have no order. Compare values of one type."),
        };
    }

    private static bool IsTrue(object? content) => content switch
    {
        null => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        _ => ((string)content).Length > 0,
    };

    private static bool IsSame(ConfigValue a, ConfigValue b) =>
        ReferenceEquals(a, b) || (a is ConfigScalar && ConfigValue.Same(a, b));

    private static bool AreEqual(ConfigScalar a, ConfigScalar b) =>
        Numbers.AreIntegers(a, b, out var i, out var j) ? i == j
        : Numbers.AreNumbers(a, b, out var x, out var y) ? x == y
        : Equals(a.Content, b.Content);

    private static bool AreEqual(ConfigSequence a, ConfigSequence b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (var i = 0; i < a.Count; i++)
        {
            var other = b[i];
            if (a.Kind == ConfigKind.Set ? !b.Items.Exists(item => AreEqual(a[i], item)) : !AreEqual(a[i], other))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(ConfigNode a, ConfigNode b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach (var entry in a)
        {
            var other = b.Find(entry.Key);
            if (other is null || !AreEqual(entry.Value, other.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(ConfigValue container, ConfigValue item, ConfigOrigin at)
    {
        if (container is ConfigScalar { Content: string text })
        {
            return item is ConfigScalar { Content: string part }
                ? text.Contains(part, StringComparison.Ordinal)
                : throw ConfigException.AtColumn(
                    at, $"only a str can be in a str, found {item.Describe()}. Put quotes around it.");
        }

        return container is ConfigNode node
            ? ConfigNode.CanBeKey(item) && node.Find(item) is not null
            : Iteration.Items(container, at).Exists(other => AreEqual(item, other));
    }

    private static bool IsOrdered(string sign, ConfigValue left, ConfigValue right, ConfigOrigin at)
    {
        if (Numbers.AreNumbers(left, right, out var x, out var y) && (double.IsNaN(x) || double.IsNaN(y)))
        {
            return false;
        }

        var order = Order(left, right, at);
        return sign switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static int Order(ConfigSequence a, ConfigSequence b, ConfigOrigin at)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (!AreEqual(a[i], b[i]))
            {
                return Order(a[i], b[i], at);
            }
        }

        return a.Count.CompareTo(b.Count);
    }
}
