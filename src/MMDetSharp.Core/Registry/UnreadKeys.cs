using MMDetSharp.Core.Configs;

namespace MMDetSharp.Core.Registry;

/// <summary>Refuses the keys of a node, and of the nodes below it, that nobody asked for.</summary>
internal static class UnreadKeys
{
    /// <exception cref="ConfigException">There are such keys; the message names each with its place.</exception>
    internal static void Refuse(ConfigReader reader)
    {
        List<ConfigReader> wrong = [.. WithChildren(reader).Where(node => Of(node).Any())];
        if (wrong.Count == 0)
        {
            return;
        }

        var errors = wrong.SelectMany(node => Of(node).Select(entry => (entry.Origin, Text: Text(node, entry)))).ToList();
        var lines = errors.Select((error, i) => i == 0 ? error.Text : $"{error.Origin}: {error.Text}")
            .Concat(wrong.Select(node => $"{node.Owner} knows {Known(node)}."));
        throw new ConfigException(errors[0].Origin, string.Join('\n', lines));
    }

    private static IEnumerable<ConfigReader> WithChildren(ConfigReader reader) =>
        reader.Children.SelectMany(WithChildren).Prepend(reader);

    private static IEnumerable<ConfigEntry> Of(ConfigReader reader) =>
        reader.Source.Entries.Where(entry => !reader.Asked.Contains(entry.Name));

    private static string Text(ConfigReader reader, ConfigEntry entry)
    {
        var nearest = NearestName.Of(entry.Name, reader.Asked);
        return $"{reader.PathOf(entry.Name)} is not an option of {reader.Owner}. "
            + NearestName.Question(nearest, "Remove it.");
    }

    private static string Known(ConfigReader reader) =>
        reader.Asked.Count == 0 ? "no option" : string.Join(", ", reader.Asked.Order(StringComparer.Ordinal));
}
