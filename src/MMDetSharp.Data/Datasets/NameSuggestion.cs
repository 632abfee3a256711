namespace MMDetSharp.Data.Datasets;

/// <summary>"Did you mean": the known name nearest to one that is not known.</summary>
internal static class NameSuggestion
{
    /// <summary>A sentence to end a message with, or nothing if no name is near.</summary>
    internal static string For(string name, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (Name: candidate, Distance: Distance(Simple(name), Simple(candidate))))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault(candidate => candidate.Distance <= Math.Max(1, name.Length / 3));
        return best.Name is null ? "" : $" Did you mean '{best.Name}'?";
    }

    private static string Simple(string name) =>
        name.Replace('_', ' ').Replace('-', ' ').Trim().ToUpperInvariant();

    /// <summary>Levenshtein's: insertions, deletions and replacements that lead from one to the other.</summary>
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[b.Length];
    }
}
