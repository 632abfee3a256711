namespace MMDetSharp.Core.Configs;

/// <summary>The "did you mean" of messages.</summary>
public static class NearestName
{
    /// <summary>The candidate that differs from a name by a slip, or null where all are too far.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string? Of(string name, IEnumerable<string> candidates) =>
        Within(name, candidates, Math.Max(1, name.Length / 3));

    /// <summary>As above, with at most so many slips.</summary>
    internal static string? Within(string name, IEnumerable<string> candidates, int slips)
    {
        string? nearest = null;
        var limit = slips + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(name, candidate, limit);
            if (distance < limit)
            {
                (nearest, limit) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>"Did you mean x?", or another sentence where nothing is near.</summary>
    /// <param name="nearest">A result of <see cref="Of"/>.</param>
    /// <param name="otherwise">The sentence to use where it is null.</param>
    public static string Question(string? nearest, string otherwise) =>
        nearest is null ? otherwise : $"Did you mean {nearest}?";

    /// <summary>Insertions, deletions, changes and swaps of neighbours that lead from one name to the other.</summary>
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit)
        {
            return limit;
        }

        var rows = new int[3][];
        rows[0] = new int[b.Length + 1];
        rows[1] = new int[b.Length + 1];
        rows[2] = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            rows[1][j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            FillRow(a, b, i, rows);
            (rows[0], rows[1], rows[2]) = (rows[1], rows[2], rows[0]);
        }

        return rows[1][b.Length];
    }

    private static void FillRow(string a, string b, int i, int[][] rows)
    {
        var (twoBefore, before, row) = (rows[0], rows[1], rows[2]);
        row[0] = i;
        for (var j = 1; j <= b.Length; j++)
        {
            var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
            row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            {
                row[j] = Math.Min(row[j], twoBefore[j - 2] + 1);
            }
        }
    }
}
