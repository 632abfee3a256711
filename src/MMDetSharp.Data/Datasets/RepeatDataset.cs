using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>A data set several times over: one long epoch instead of many short ones.</summary>
public sealed class RepeatDataset : IDetectionDataset
{
    private readonly byte[] _groups;

    /// <param name="dataset">The data set to repeat.</param>
    /// <param name="times">How often; at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="times"/> is below 1.</exception>
    public RepeatDataset(IDetectionDataset dataset, int times)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (times < 1)
        {
            throw new ArgumentException($"RepeatDataset: times must be at least 1, got {times}. Mend the config.");
        }

        Dataset = dataset;
        Times = times;
        _groups = [.. Enumerable.Repeat(dataset.AspectGroups, times).SelectMany(groups => groups)];
    }

    /// <summary>From a node of a config.</summary>
    internal static RepeatDataset FromConfig(ConfigReader reader, bool testMode) =>
        new(DatasetBuilder.Build(reader.Node("dataset"), testMode), reader.Int("times"));

    /// <summary>The data set that is repeated.</summary>
    public IDetectionDataset Dataset { get; }

    /// <summary>How often it is repeated.</summary>
    public int Times { get; }

    /// <inheritdoc/>
    public int Count => Dataset.Count * Times;

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

    private int Inner(int index) =>
        (uint)index < (uint)Count
            ? index % Dataset.Count
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"RepeatDataset: the data set has {Count} images.");
}
