using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Registry;

/// <summary>A <see cref="Registry{T}"/> whose types need something besides their node.</summary>
/// <typeparam name="T">What is built.</typeparam>
/// <typeparam name="TContext">What the types need besides.</typeparam>
/// <param name="kind">What the table holds, for messages: "head".</param>
/// <param name="table">The types by their names in configs.</param>
public sealed class ContextRegistry<T, TContext>(string kind, Dictionary<string, Func<ConfigReader, TContext, T>> table)
{
    /// <summary>What the table holds, for messages: "head".</summary>
    public string Kind => kind;

    /// <summary>The names of the known types.</summary>
    public IReadOnlyCollection<string> Names => table.Keys;

    /// <summary>Builds what a node describes, and refuses keys of the node that the type did not ask for.</summary>
    /// <param name="reader">The node; its <c>type</c> names the entry of the table.</param>
    /// <param name="context">What the type needs besides.</param>
    /// <exception cref="ConfigException">
    /// The type is missing or unknown; a key is missing, unknown or of another type; or the class that is built refuses
    /// its options with an <see cref="ArgumentException"/>, whose message it then tells with the node's place.
    /// </exception>
    public T Build(ConfigReader reader, TContext context) =>
        TypeLookup.Build(reader, kind, table, build => build(reader, context));
}
