namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>How well anchors fit objects. Numbers are over all objects.</summary>
/// <param name="BestPossibleRecall">The part of the objects that some anchor finds.</param>
/// <param name="AnchorsPerObject">How many anchors find an object, on average.</param>
/// <param name="MeanRatio">The mean of the best anchor's <see cref="BoxSize.Ratio"/>.</param>
/// <param name="MeanIoU">The mean of the best anchor's overlap.</param>
/// <param name="Fitness">The mean of the best ratio, 0 for objects that no anchor finds: what evolution raises.</param>
public sealed record AnchorQuality(
    double BestPossibleRecall, double AnchorsPerObject, double MeanRatio, double MeanIoU, double Fitness)
{
    /// <summary>Compares every anchor with every object by the ratio of sides and by IoU, both at one centre.</summary>
    /// <param name="anchors">At least one.</param>
    /// <param name="sizes">At least one.</param>
    /// <param name="threshold">An anchor finds objects whose ratio is more than 1 over this.</param>
    public static AnchorQuality Of(
        IReadOnlyList<BoxSize> anchors, IReadOnlyList<BoxSize> sizes, double threshold)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(sizes);
        var ratios = sizes.Select(size => anchors.Select(anchor => anchor.Ratio(size)).ToArray()).ToList();
        var best = ratios.Select(row => row.Max()).ToList();
        var least = 1 / threshold;
        return new(
            best.Average(ratio => ratio > least ? 1.0 : 0),
            ratios.Average(row => row.Count(ratio => ratio > least)),
            best.Average(),
            sizes.Average(size => anchors.Max(anchor => anchor.IoU(size))),
            best.Average(ratio => ratio > least ? ratio : 0));
    }
}
