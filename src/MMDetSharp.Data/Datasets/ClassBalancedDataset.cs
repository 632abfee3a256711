using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>Repeats the images that show rare classes.</summary>
/// <remarks>
/// LVIS, arXiv:1908.03195, appendix B.2: with f(c) the fraction of images that show class c and threshold t,
/// r(c) = max(1, sqrt(t / f(c))), and an image appears ceil(max r(c)) times, over its classes c.
/// </remarks>
public sealed class ClassBalancedDataset : IDetectionDataset
{
    private readonly int[] _indices;
    private readonly byte[] _groups;

    /// <param name="dataset">The data set to draw from.</param>
    /// <param name="oversampleThreshold">t, in [0, 1]: classes on fewer images than this fraction are repeated.</param>
    /// <param name="filterEmpty">False: images without an object count as a class of their own.</param>
    /// <exception cref="ArgumentException">The threshold is not a fraction.</exception>
    public ClassBalancedDataset(IDetectionDataset dataset, double oversampleThreshold, bool filterEmpty = true)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!(oversampleThreshold is >= 0 and <= 1))
        {
            throw new ArgumentException(
                $"ClassBalancedDataset: oversample_thr must be in [0, 1], got {oversampleThreshold}. Mend the config.");
        }

        Dataset = dataset;
        var factors = RepeatFactors(dataset, oversampleThreshold, filterEmpty);
        _indices = [.. factors.SelectMany((factor, i) => Enumerable.Repeat(i, (int)Math.Ceiling(factor)))];
        _groups = [.. _indices.Select(i => dataset.AspectGroups[i])];
    }

    /// <summary>From a node of a config.</summary>
    internal static ClassBalancedDataset FromConfig(ConfigReader reader, bool testMode) => new(
        DatasetBuilder.Build(reader.Node("dataset"), testMode),
        reader.Float("oversample_thr"),
        reader.Bool("filter_empty_gt", true));

    /// <summary>The data set that is drawn from.</summary>
    public IDetectionDataset Dataset { get; }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Dataset.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<byte> AspectGroups => _groups;

    /// <inheritdoc/>
    public DatasetReport Report => Dataset.Report;

    /// <inheritdoc/>
    public DatasetItem Item(int index) => Dataset.Item(Inner(index));

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds(int index) => Dataset.CategoryIds(Inner(index));

    /// <summary>r(I), the repeat factor of every image: the largest of its classes'.</summary>
    private static double[] RepeatFactors(IDetectionDataset dataset, double threshold, bool filterEmpty)
    {
        // As the reference: the class of empty images is numbered K, though COCO's category ids go beyond K.
        var empty = (long)dataset.Classes.Count;
        var shown = Enumerable.Range(0, dataset.Count)
            .Select(i => dataset.CategoryIds(i).ToHashSet())
            .ToArray();
        foreach (var classes in shown.Where(classes => classes.Count == 0 && !filterEmpty))
        {
            classes.Add(empty);
        }

        var factorOf = shown
            .SelectMany(classes => classes)
            .GroupBy(c => c)
            .ToDictionary(
                group => group.Key,
                group => Math.Max(1, Math.Sqrt(threshold / (group.Count() / (double)dataset.Count))));
        return [.. shown.Select(classes => classes.Select(c => factorOf[c]).DefaultIfEmpty(1).Max())];
    }

    private int Inner(int index) =>
        (uint)index < (uint)_indices.Length
            ? _indices[index]
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"ClassBalancedDataset: the data set has {Count} images.");
}
