namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Python's operators on values.</summary>
internal static class Operators
{
    private static readonly Dictionary<string, Func<ConfigValue, ConfigValue, Result, ConfigValue?>> Binary = new()
    {
        ["+"] = Add,
        ["-"] = Subtract,
        ["*"] = Multiply,
        ["/"] = Divide,
        ["//"] = FloorDivide,
        ["%"] = Modulo,
        ["**"] = Power,
        ["|"] = (a, b, at) => Bits(a, b, at, (x, y) => x | y) ?? Sets.Union(a, b, at),
        ["&"] = (a, b, at) => Bits(a, b, at, (x, y) => x & y) ?? Sets.Intersection(a, b, at),
        ["^"] = (a, b, at) => Bits(a, b, at, (x, y) => x ^ y),
        ["<<"] = (a, b, at) => Shift(a, b, at, Arithmetic.ShiftLeft),
        [">>"] = (a, b, at) => Shift(a, b, at, (x, y) => x >> (int)Math.Min(y, 63)),
    };

    /// <summary><c>left sign right</c>.</summary>
    internal static ConfigValue Apply(string sign, ConfigValue left, ConfigValue right, ConfigOrigin at)
    {
        try
        {
            return (Binary.TryGetValue(sign, out var operation) ? operation(left, right, new Result(at)) : null)
                ?? throw ConfigException.AtColumn(
                    at, $"'{sign}' does not work on {left.Describe()} and {right.Describe()}. Convert one of them.");
        }
        catch (OverflowException)
        {
            throw ConfigException.AtColumn(at, "the integer does not fit into 64 bits. Use a float.");
        }
        catch (DivideByZeroException)
        {
            throw ConfigException.AtColumn(at, "division by zero. Correct the divisor.");
        }
    }

    /// <summary><c>left sign= right</c>: lists and dicts are changed in place.</summary>
    internal static ConfigValue ApplyInPlace(string sign, ConfigValue left, ConfigValue right, ConfigOrigin at)
    {
        switch (sign, left, right)
        {
            case ("+", ConfigSequence { Kind: ConfigKind.List } list, _):
                list.Items.AddRange(Iteration.Items(right, at));
                return list;
            case ("|", ConfigNode node, ConfigNode other):
                node.SetAll(other);
                return node;
            default:
                return Apply(sign, left, right, at);
        }
    }

    /// <summary><c>-value</c>, <c>+value</c>, <c>~value</c>.</summary>
    internal static ConfigValue Apply(string sign, ConfigValue value, ConfigOrigin at)
    {
        if (Numbers.IsInteger(value, out var integer))
        {
            return new ConfigScalar(sign switch { "-" => -integer, "~" => ~integer, _ => integer }, at);
        }

        return value is ConfigScalar { Content: double number } && sign != "~"
            ? new ConfigScalar(sign == "-" ? -number : number, at)
            : throw ConfigException.AtColumn(
                at, $"'{sign}' needs a number, found {value.Describe()}. Correct the operand.");
    }

    private static ConfigValue? Add(ConfigValue a, ConfigValue b, Result at)
    {
        if (Numbers.AreIntegers(a, b, out var i, out var j))
        {
            return at.Scalar(checked(i + j));
        }

        if (Numbers.AreNumbers(a, b, out var x, out var y))
        {
            return at.Scalar(x + y);
        }

        return (a, b) switch
        {
            (ConfigScalar { Content: string s }, ConfigScalar { Content: string t }) => at.Scalar(s + t),
            (ConfigSequence s, ConfigSequence t) when s.Kind == t.Kind && s.Kind != ConfigKind.Set =>
                new ConfigSequence(s.Kind, [.. s.Items, .. t.Items], at.Origin),
            _ => null,
        };
    }

    private static ConfigValue? Subtract(ConfigValue a, ConfigValue b, Result at) =>
        Numbers.AreIntegers(a, b, out var i, out var j) ? at.Scalar(checked(i - j))
        : Numbers.AreNumbers(a, b, out var x, out var y) ? at.Scalar(x - y)
        : Sets.Difference(a, b, at);

    private static ConfigValue? Multiply(ConfigValue a, ConfigValue b, Result at)
    {
        if (Numbers.AreIntegers(a, b, out var i, out var j))
        {
            return at.Scalar(checked(i * j));
        }

        if (Numbers.AreNumbers(a, b, out var x, out var y))
        {
            return at.Scalar(x * y);
        }

        return Numbers.IsInteger(b, out var count) ? Repeat(a, count, at)
            : Numbers.IsInteger(a, out count) ? Repeat(b, count, at)
            : null;
    }

    private static ConfigValue? Repeat(ConfigValue value, long count, Result at)
    {
        count = Math.Max(0, count);
        var length = value switch
        {
            ConfigScalar { Content: string text } => text.Length,
            ConfigSequence sequence => sequence.Count,
            _ => 0,
        };
        if (length > 0 && count > Iteration.LongestList / length)
        {
            throw ConfigException.AtColumn(
                at.Origin, $"no list or str of a config is longer than {Iteration.LongestList}. Use a smaller factor.");
        }

        return value switch
        {
            ConfigScalar { Content: string text } =>
                at.Scalar(string.Concat(Enumerable.Repeat(text, (int)count))),
            ConfigSequence { Kind: not ConfigKind.Set } sequence =>
                new ConfigSequence(sequence.Kind, Repeat(sequence.Items, (int)count), at.Origin),
            _ => null,
        };
    }

    private static List<ConfigValue> Repeat(List<ConfigValue> items, int count)
    {
        var result = new List<ConfigValue>(items.Count * count);
        for (var i = 0; i < count; i++)
        {
            result.AddRange(items);
        }

        return result;
    }

    private static ConfigScalar? Divide(ConfigValue a, ConfigValue b, Result at)
    {
        if (!Numbers.AreNumbers(a, b, out var x, out var y))
        {
            return null;
        }

        return y == 0 ? throw new DivideByZeroException() : at.Scalar(x / y);
    }

    private static ConfigScalar? FloorDivide(ConfigValue a, ConfigValue b, Result at)
    {
        if (Numbers.AreIntegers(a, b, out var i, out var j))
        {
            return at.Scalar(Arithmetic.FloorDivide(i, j));
        }

        return Numbers.AreNumbers(a, b, out var x, out var y) ? at.Scalar(Arithmetic.FloorDivide(x, y)) : null;
    }

    private static ConfigScalar? Modulo(ConfigValue a, ConfigValue b, Result at)
    {
        if (a is ConfigScalar { Content: string format })
        {
            return at.Scalar(PercentFormat.Apply(format, b, at.Origin));
        }

        if (Numbers.AreIntegers(a, b, out var i, out var j))
        {
            return at.Scalar(i - (j * Arithmetic.FloorDivide(i, j)));
        }

        return Numbers.AreNumbers(a, b, out var x, out var y) ? at.Scalar(Arithmetic.Modulo(x, y)) : null;
    }

    private static ConfigScalar? Power(ConfigValue a, ConfigValue b, Result at)
    {
        if (Numbers.AreIntegers(a, b, out var i, out var j) && j >= 0)
        {
            return at.Scalar(Arithmetic.Power(i, j));
        }

        return Numbers.AreNumbers(a, b, out var x, out var y) ? at.Scalar(Arithmetic.Power(x, y, at.Origin)) : null;
    }

    private static ConfigScalar? Shift(ConfigValue a, ConfigValue b, Result at, Func<long, long, long> operation)
    {
        if (!Numbers.AreIntegers(a, b, out var x, out var y))
        {
            return null;
        }

        return y < 0
            ? throw ConfigException.AtColumn(at.Origin, $"a shift must not be negative, got {y}. Shift the other way.")
            : at.Scalar(operation(x, y));
    }

    private static ConfigScalar? Bits(ConfigValue a, ConfigValue b, Result at, Func<long, long, long> operation)
    {
        if (!Numbers.AreIntegers(a, b, out var x, out var y))
        {
            return null;
        }

        var result = operation(x, y);
        return a.Kind == ConfigKind.Bool && b.Kind == ConfigKind.Bool ? at.Scalar(result != 0) : at.Scalar(result);
    }
}

/// <summary>Makes results that carry the place of their expression.</summary>
internal sealed record Result(ConfigOrigin Origin)
{
    internal ConfigScalar Scalar(object content) => new(content, Origin);
}
