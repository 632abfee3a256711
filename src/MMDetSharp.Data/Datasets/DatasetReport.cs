namespace MMDetSharp.Data.Datasets;

/// <summary>What a data set left out or repaired while it was read. To be shown once, as warnings.</summary>
public sealed record DatasetReport
{
    /// <summary>A report without any remark.</summary>
    public static DatasetReport Empty { get; } = new();

    /// <summary>One line each: what was found, where first, and what was done about it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Images of the file that are not part of the data set: too small, or without a wanted object.</summary>
    public int FilteredImages { get; init; }

    /// <summary>Annotations of wanted classes that are not used: no area, or below one pixel wide or high.</summary>
    public int DroppedBoxes { get; init; }

    /// <summary>The remarks of several parts together.</summary>
    /// <param name="parts">The reports of the parts, in order.</param>
    public static DatasetReport Join(IEnumerable<DatasetReport> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var all = parts.ToList();
        return new DatasetReport
        {
            Warnings = [.. all.SelectMany(part => part.Warnings).Distinct()],
            FilteredImages = all.Sum(part => part.FilteredImages),
            DroppedBoxes = all.Sum(part => part.DroppedBoxes),
        };
    }
}
