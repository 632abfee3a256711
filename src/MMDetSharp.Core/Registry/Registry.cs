using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Registry;

/// <summary>A written table: the <c>type</c> of a config node names what to build from it.</summary>
/// <typeparam name="T">What is built.</typeparam>
/// <param name="kind">What the table holds, for messages: "backbone".</param>
/// <param name="table">The types by their names in configs.</param>
/// <example><code>
/// internal static readonly Registry&lt;Layer&gt; Necks = new("neck", new() { ["FPN"] = Fpn.FromConfig });
/// </code></example>
public sealed class Registry<T>(string kind, Dictionary<string, Func<ConfigReader, T>> table)
{
    /// <summary>What the table holds, for messages: "backbone".</summary>
    public string Kind => kind;

    /// <summary>The names of the known types.</summary>
    public IReadOnlyCollection<string> Names => table.Keys;

    /// <summary>Builds what a node describes, and refuses keys of the node that the type did not ask for.</summary>
    /// <param name="reader">The node; its <c>type</c> names the entry of the table.</param>
    /// <exception cref="ConfigException">
    /// The type is missing or unknown; a key is missing, unknown or of another type; or the class that is built refuses
    /// its options with an <see cref="ArgumentException"/>, whose message it then tells with the node's place.
    /// </exception>
    public T Build(ConfigReader reader) =>
        TypeLookup.Build(reader, kind, table, build => build(reader));
}
