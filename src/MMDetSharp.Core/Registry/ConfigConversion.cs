using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Evaluation;

namespace MMDetSharp.Core.Registry;

/// <summary>Values of a config as values of C#.</summary>
internal static class ConfigConversion
{
    /// <summary>Converts a value; false where it is of another type.</summary>
    internal delegate bool Converter<T>(ConfigValue value, out T result);

    internal static bool String(ConfigValue value, out string result)
    {
        result = (value as ConfigScalar)?.Content as string ?? "";
        return value.Kind == ConfigKind.String;
    }

    internal static bool Int(ConfigValue value, out int result)
    {
        var isInt = Long(value, out var number) && number is >= int.MinValue and <= int.MaxValue;
        result = isInt ? (int)number : 0;
        return isInt;
    }

    internal static bool Long(ConfigValue value, out long result)
    {
        result = value is ConfigScalar { Content: long number } ? number : 0;
        return value.Kind == ConfigKind.Int;
    }

    internal static bool Float(ConfigValue value, out double result) =>
        Numbers.IsNumber(value, out result) && value.Kind != ConfigKind.Bool && !double.IsNaN(result);

    internal static bool Bool(ConfigValue value, out bool result)
    {
        var isBool = Numbers.IsInteger(value, out var number) && number is 0 or 1;
        result = number == 1;
        return isBool;
    }

    internal static bool Node(ConfigValue value, out ConfigNode result)
    {
        result = (value as ConfigNode)!;
        return result is not null;
    }

    internal static bool Ints(ConfigValue value, out int[] result) => Items<int>(value, Int, out result);

    internal static bool Floats(ConfigValue value, out double[] result) => Items<double>(value, Float, out result);

    internal static bool FloatLists(ConfigValue value, out double[][] result) => Items<double[]>(value, Floats, out result);

    internal static bool Strings(ConfigValue value, out string[] result) => Items<string>(value, String, out result);

    internal static bool Bools(ConfigValue value, out bool[] result) => Items<bool>(value, Bool, out result);

    internal static bool Nodes(ConfigValue value, out ConfigNode[] result) =>
        Items<ConfigNode>(value, Node, out result);

    internal static bool IntsOrOne(ConfigValue value, out int[] result) => ItemsOrOne<int>(value, Int, out result);

    internal static bool FloatsOrOne(ConfigValue value, out double[] result) =>
        ItemsOrOne<double>(value, Float, out result);

    internal static bool StringsOrOne(ConfigValue value, out string[] result) =>
        ItemsOrOne<string>(value, String, out result);

    internal static bool IntPair(ConfigValue value, out (int First, int Second) result)
    {
        var isPair = Ints(value, out var items) && items.Length == 2;
        result = isPair ? (items[0], items[1]) : default;
        return isPair;
    }

    internal static bool IntPairOrOne(ConfigValue value, out (int First, int Second) result)
    {
        if (Int(value, out var both))
        {
            result = (both, both);
            return true;
        }

        return IntPair(value, out result);
    }

    internal static bool IntPairs(ConfigValue value, out (int First, int Second)[] result)
    {
        if (IntPair(value, out var pair))
        {
            result = [pair];
            return true;
        }

        return Items<(int, int)>(value, IntPair, out result);
    }

    internal static bool FloatPair(ConfigValue value, out (double First, double Second) result)
    {
        var isPair = Floats(value, out var items) && items.Length == 2;
        result = isPair ? (items[0], items[1]) : default;
        return isPair;
    }

    internal static bool FloatPairs(ConfigValue value, out (double First, double Second)[] result) =>
        Items<(double, double)>(value, FloatPair, out result);

    /// <summary>What to do about a value of the wrong type.</summary>
    internal static string Advice(string expected, ConfigValue value)
    {
        if (value is ConfigScalar { Content: string text } && (expected is "an int" or "a float" or "a bool") &&
            (Numbers.TryReal(text, out _) || text is "True" or "False"))
        {
            return "Remove the quotes.";
        }

        if (expected.StartsWith("a list", StringComparison.Ordinal) && value is ConfigScalar { IsNone: false })
        {
            return $"Put brackets around it: [{value}].";
        }

        return value.IsNone ? "Give it a value." : "Change the value.";
    }

    private static bool Items<T>(ConfigValue value, Converter<T> convert, out T[] result)
    {
        if (value is not ConfigSequence sequence)
        {
            result = [];
            return false;
        }

        result = new T[sequence.Count];
        for (var i = 0; i < result.Length; i++)
        {
            if (!convert(sequence[i], out result[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ItemsOrOne<T>(ConfigValue value, Converter<T> convert, out T[] result)
    {
        if (convert(value, out var one))
        {
            result = [one];
            return true;
        }

        return Items(value, convert, out result);
    }
}
