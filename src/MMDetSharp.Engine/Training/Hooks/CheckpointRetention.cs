using System.Globalization;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Which checkpoints of a folder are removed.</summary>
internal static class CheckpointRetention
{
    /// <summary>The file name of a number.</summary>
    internal static string Name(string pattern, long number) =>
        pattern.Replace("{}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Removes all but the latest checkpoints up to a number; later ones are of another training and stay.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="pattern">Their name, with <c>{}</c> for the number.</param>
    /// <param name="current">The number of the newest.</param>
    /// <param name="keep">How many stay, at least 1.</param>
    /// <remarks>Differs from the reference, which stops at the first gap and so keeps all with an interval above 1.</remarks>
    internal static void Apply(string folder, string pattern, long current, int keep)
    {
        var old = Directory.EnumerateFiles(folder)
            .Select(path => (Path: path, Number: Number(Path.GetFileName(path), pattern)))
            .Where(file => file.Number is { } number && number <= current)
            .OrderByDescending(file => file.Number)
            .Skip(keep);
        foreach (var (path, _) in old.ToList())
        {
            File.Delete(path);
        }
    }

    private static long? Number(string name, string pattern)
    {
        var place = pattern.IndexOf("{}", StringComparison.Ordinal);
        if (place < 0 || !name.StartsWith(pattern.AsSpan(0, place), StringComparison.Ordinal)
            || !name.EndsWith(pattern[(place + 2)..], StringComparison.Ordinal) || name.Length < pattern.Length - 1)
        {
            return null;
        }

        var digits = name.AsSpan(place, name.Length - pattern.Length + 2);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
