namespace MMDetSharp.Engine.Evaluation;

/// <summary>Objects of some size: both ends belong to it.</summary>
/// <param name="Name">As tables show it: all, small, medium, large.</param>
/// <param name="Min">In square pixels.</param>
/// <param name="Max">In square pixels.</param>
public readonly record struct AreaRange(string Name, double Min, double Max)
{
    /// <summary>COCO's four ranges: all, below 32 x 32, up to 96 x 96, and above.</summary>
    public static IReadOnlyList<AreaRange> Coco { get; } =
    [
        new("all", 0, 1e10),
        new("small", 0, 32 * 32),
        new("medium", 32 * 32, 96 * 96),
        new("large", 96 * 96, 1e10),
    ];

    /// <summary>Whether an area lies outside.</summary>
    internal bool Excludes(double area) => area < Min || area > Max;
}
