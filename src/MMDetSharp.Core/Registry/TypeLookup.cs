using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Registry;

/// <summary>Builds with the entry of a table that a node's <c>type</c> names.</summary>
internal static class TypeLookup
{
    /// <summary>Builds, refuses unread keys, and says of options that a class refuses where they were written.</summary>
    internal static T Build<T, TFactory>(
        ConfigReader reader, string kind, Dictionary<string, TFactory> table, Func<TFactory, T> build)
    {
        var factory = Find(reader, kind, table);
        try
        {
            return Finish(reader, build(factory));
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, $"{Prefix(reader)}{Text(error)}", error);
        }
    }

    private static string Prefix(ConfigReader reader) => reader.Path.Length == 0 ? "" : $"{reader.Path}: ";

    // Ours without the name of a constructor's parameter, which a config does not know.
    private static string Text(ArgumentException error) => error.GetType() == typeof(ArgumentException)
        ? error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal)
        : error.Message;

    // What a failed build had made is freed: it may hold native memory.
    private static T Finish<T>(ConfigReader reader, T result)
    {
        try
        {
            reader.Done();
            return result;
        }
        catch (ConfigException)
        {
            (result as IDisposable)?.Dispose();
            throw;
        }
    }

    private static TFactory Find<TFactory>(ConfigReader reader, string kind, Dictionary<string, TFactory> table)
    {
        if (!reader.Has("type"))
        {
            var place = reader.Path.Length == 0 ? "the dict" : reader.Path;
            throw new ConfigException(
                reader.Origin, $"{place} has no type: it must name {OneOf(kind)}. Add type='...', one of {Known(table)}.");
        }

        var name = reader.TypeName;
        return table.TryGetValue(name, out var factory)
            ? factory
            : throw reader.Error("type", $"must name {OneOf(kind)}, got '{name}'. {Advice(name, table)}");
    }

    private static string Advice<TFactory>(string name, Dictionary<string, TFactory> table)
    {
        var nearest = NearestName.Of(name, table.Keys);
        return NearestName.Question(nearest, "Use a known one.") + $" Known are {Known(table)}.";
    }

    private static string OneOf(string kind) => ("aeiou".Contains(kind[0]) ? "an " : "a ") + kind;

    private static string Known<TFactory>(Dictionary<string, TFactory> table) =>
        string.Join(", ", table.Keys.Order(StringComparer.Ordinal));
}
