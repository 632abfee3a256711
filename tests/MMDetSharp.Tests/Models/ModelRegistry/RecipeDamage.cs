using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MMDetSharp.Core.Configs;

namespace MMDetSharp.Tests.Models.ModelRegistry;

/// <summary>One thing that is wrong in a recipe.</summary>
/// <param name="Recipe">Its name in <see cref="ThinRecipes"/>.</param>
/// <param name="Place">Which of the places below model, train_cfg and test_cfg; counted around.</param>
/// <param name="Kind">What is done to it.</param>
public sealed record RecipeDamage(string Recipe, int Place, DamageKind Kind)
{
    private static readonly string[] s_parts = ["model", "train_cfg", "test_cfg"];

    /// <summary>Random damages of some recipes.</summary>
    internal static Arbitrary<RecipeDamage> Of(IEnumerable<string> recipes) => Arb.From(
        from recipe in Gen.Elements<string>([.. recipes])
        from place in Gen.Choose(0, 9999)
        from kind in Gen.Elements(Enum.GetValues<DamageKind>())
        select new RecipeDamage(recipe, place, kind));

    /// <summary>Which place a key is.</summary>
    internal static int PlaceOf(ConfigNode root, string path) => Places(root).ToList().FindIndex(place => place.Path == path);

    /// <summary>Damages a config.</summary>
    /// <returns>What was done, for messages: <c>model.neck.num_outs: 5 to 6</c>.</returns>
    internal string Apply(ConfigNode root)
    {
        var places = Places(root).ToList();
        return places[Place % places.Count].Damage(Kind);
    }

    private static IEnumerable<DamagePlace> Places(ConfigNode root) => s_parts
        .Where(root.Contains)
        .SelectMany(part => Below(part, root[part]));

    private static IEnumerable<DamagePlace> Below(string path, ConfigValue value) => value switch
    {
        ConfigNode node => node.Entries.SelectMany(entry => Below($"{path}.{entry.Name}", entry.Value)
            .Prepend(new($"{path}.{entry.Name}", entry.Value, changed => node.Set(entry.Key, changed, entry.Origin))
            {
                Rename = name =>
                {
                    node.Remove(entry.Key);
                    node.Set(new ConfigScalar(name, entry.Origin), entry.Value, entry.Origin);
                },
            })),
        ConfigSequence list => list.Items.SelectMany((item, i) => Below($"{path}.{i}", item)
            .Prepend(new($"{path}.{i}", item, changed => list.Items[i] = changed))),
        _ => [],
    };

    /// <summary>A value, and how to put another one into its place.</summary>
    private sealed record DamagePlace(string Path, ConfigValue Value, Action<ConfigValue> Set)
    {
        /// <summary>Gives the key another name; null in a list.</summary>
        internal Action<string>? Rename { get; init; }

        internal string Damage(DamageKind kind)
        {
            if (kind == DamageKind.Misspelt && Rename is not null)
            {
                Rename(Path[(Path.LastIndexOf('.') + 1)..] + "s");
                return $"{Path} misspelt";
            }

            var before = Value.ToString();
            var damaged = Damaged(kind);
            Set(damaged);
            return $"{Path}: {before} to {damaged}";
        }

        private ConfigValue Damaged(DamageKind kind) => kind switch
        {
            DamageKind.None => new ConfigScalar(null, Value.Origin),
            DamageKind.Text => new ConfigScalar("text", Value.Origin),
            DamageKind.List => new ConfigSequence(ConfigKind.List, [Value, Value], Value.Origin),
            _ => (kind, Value) switch
            {
                (_, ConfigScalar { Content: long number }) => Scalar(Number(kind, number)),
                (_, ConfigScalar { Content: double number }) => Scalar(Number(kind, number)),
                (_, ConfigScalar { Content: bool truth }) => Scalar(!truth),
                (_, ConfigScalar { Content: string text }) => Scalar(text + "x"),
                (_, ConfigSequence list) => List(kind, list),
                _ => Scalar(3L),
            },
        };

        private ConfigScalar Scalar(object content) => new(content, Value.Origin);

        private static object Number(DamageKind kind, long number) => kind switch
        {
            DamageKind.More => number + 1,
            DamageKind.Less => number - 1,
            DamageKind.Double => number * 2,
            DamageKind.Half => number / 2,
            DamageKind.Zero => 0L,
            DamageKind.Negative => number == 0 ? -5L : -number,
            DamageKind.Huge => 99_999_999_999,
            _ => number + 0.5,
        };

        private static object Number(DamageKind kind, double number) => kind switch
        {
            DamageKind.More => number + 1,
            DamageKind.Less => number - 1,
            DamageKind.Double => number * 2,
            DamageKind.Half => number / 2,
            DamageKind.Zero => 0.0,
            DamageKind.Negative => number == 0 ? -0.5 : -number,
            DamageKind.Huge => 1e30,
            _ => double.NaN,
        };

        private ConfigSequence List(DamageKind kind, ConfigSequence list)
        {
            List<ConfigValue> items = kind switch
            {
                DamageKind.More or DamageKind.Double => [.. list, list.Count > 0 ? list[^1] : Scalar(1L)],
                DamageKind.Less or DamageKind.Half => [.. list.Take(list.Count - 1)],
                DamageKind.Zero => [],
                _ => [.. list.Reverse()],
            };
            return new(list.Kind, items, Value.Origin);
        }
    }

    /// <summary>As a failing test prints it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Recipe}, place {Place}, {Kind}");
}

/// <summary>Random damages of the recipes that run in a moment, for FsCheck.</summary>
public static class ThinDamages
{
    public static Arbitrary<RecipeDamage> Any() => RecipeDamage.Of(ThinRecipes.Names.Except(ThinRecipes.Wide));
}

/// <summary>Random damages of all recipes, for FsCheck.</summary>
public static class AllDamages
{
    public static Arbitrary<RecipeDamage> Any() => RecipeDamage.Of(ThinRecipes.Names);
}

/// <summary>What is done to a value of a recipe.</summary>
public enum DamageKind
{
    /// <summary>A number grows by 1, a list by an entry.</summary>
    More,

    /// <summary>A number shrinks by 1, a list by an entry.</summary>
    Less,

    /// <summary>A number is doubled.</summary>
    Double,

    /// <summary>A number is halved.</summary>
    Half,

    /// <summary>A number is 0, a list empty.</summary>
    Zero,

    /// <summary>A number changes its sign, a list its order.</summary>
    Negative,

    /// <summary>A number no longer fits 32 bits.</summary>
    Huge,

    /// <summary>A whole number is none any more; another one is NaN.</summary>
    Fraction,

    /// <summary>The key is misspelt; in a list, the value.</summary>
    Misspelt,

    /// <summary>The value is None.</summary>
    None,

    /// <summary>The value is a text.</summary>
    Text,

    /// <summary>The value is a list of itself.</summary>
    List,
}
