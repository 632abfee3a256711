using FsCheck;
using FsCheck.Fluent;
using MMDetSharp.Core.Configs;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>Random configs for FsCheck.</summary>
internal static class ConfigArbitrary
{
    private static readonly ConfigOrigin Origin = new("generated", 1, 1);

    public static Arbitrary<ConfigNode> Roots() => Arb.From(
        Gen.Sized(size => Node(Math.Min(size, 12), Gen.Elements("a", "b_1", "model", "_c", "dict", "é"))));

    private static Gen<ConfigNode> Node(int size, Gen<string> keys) =>
        from count in Gen.Choose(0, Math.Min(5, size))
        from names in keys.ArrayOf(count)
        from values in Value(size / 2).ArrayOf(count)
        select Node(names, values);

    private static ConfigNode Node(string[] names, ConfigValue[] values)
    {
        var node = new ConfigNode(Origin);
        for (var i = 0; i < names.Length; i++)
        {
            ConfigValue key = long.TryParse(names[i], out var number)
                ? new ConfigScalar(number, Origin)
                : new ConfigScalar(names[i], Origin);
            node.Set(key, values[i], Origin);
        }

        return node;
    }

    private static Gen<ConfigValue> Value(int size) => size <= 0
        ? Scalar()
        : Gen.OneOf(
            Scalar(),
            Sequence(size, ConfigKind.List),
            Sequence(size, ConfigKind.Tuple),
            Node(size, Gen.Elements("type", "x", "long_key_number_one", "class", "a b", "6", "'", "")).Select(
                node => (ConfigValue)node));

    private static Gen<ConfigValue> Sequence(int size, ConfigKind kind) =>
        from count in Gen.Choose(0, 6)
        from items in Value(size / 2).ArrayOf(count)
        select (ConfigValue)new ConfigSequence(kind, [.. items], Origin);

    private static Gen<ConfigValue> Scalar() => Gen.OneOf(
            Gen.Constant<object?>(null),
            Gen.Elements<object?>(true, false, "", "{{ fileDirname }}", "a'b\"c", "\\", "\n\t\0", "😀é中"),
            Gen.Choose(-1000, 1000).Select(number => (object?)(long)number),
            ArbMap.Default.GeneratorFor<double>().Select(number => (object?)number),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => (object?)text.Get))
        .Select(content => (ConfigValue)new ConfigScalar(content, Origin));
}
