using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Datasets;

/// <summary>Several data sets of the same classes, one after the other.</summary>
public sealed class ConcatDataset : IDetectionDataset
{
    private readonly int[] _ends;            // (datasets): index after the last image of each
    private readonly byte[] _groups;

    /// <param name="datasets">At least one; all with the same classes in the same order.</param>
    /// <param name="separateEvaluation">Whether each part is evaluated by itself (<c>separate_eval</c>).</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="DatasetException">Their classes differ.</exception>
    public ConcatDataset(IReadOnlyList<IDetectionDataset> datasets, bool separateEvaluation = true)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (datasets.Count == 0)
        {
            throw new ArgumentException("ConcatDataset: datasets must hold at least one, got none. Mend the config.");
        }

        Datasets = [.. datasets];
        SeparateEvaluation = separateEvaluation;
        RequireSameClasses();
        _ends = new int[Datasets.Count];
        for (var i = 0; i < _ends.Length; i++)
        {
            _ends[i] = Datasets[i].Count + (i == 0 ? 0 : _ends[i - 1]);
        }

        _groups = [.. Datasets.SelectMany(dataset => dataset.AspectGroups)];
        Report = DatasetReport.Join(Datasets.Select(dataset => dataset.Report));
    }

    /// <summary>From a node of a config.</summary>
    internal static ConcatDataset FromConfig(ConfigReader reader, bool testMode) => new(
        [.. reader.Nodes("datasets").Select(part => DatasetBuilder.Build(part, testMode))],
        reader.Bool("separate_eval", true));

    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<IDetectionDataset> Datasets { get; }

    /// <summary>Whether each part is evaluated by itself.</summary>
    public bool SeparateEvaluation { get; }

    /// <inheritdoc/>
    public int Count => _ends[^1];

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Datasets[0].Classes;

    /// <inheritdoc/>
    public IReadOnlyList<byte> AspectGroups => _groups;

    /// <inheritdoc/>
    public DatasetReport Report { get; }

    /// <inheritdoc/>
    public DatasetItem Item(int index)
    {
        var (dataset, inner) = Find(index);
        return dataset.Item(inner);
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds(int index)
    {
        var (dataset, inner) = Find(index);
        return dataset.CategoryIds(inner);
    }

    private (IDetectionDataset Dataset, int Index) Find(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"ConcatDataset: the data set has {Count} images.");
        }

        var part = Array.FindIndex(_ends, end => index < end);
        return (Datasets[part], index - (part == 0 ? 0 : _ends[part - 1]));
    }

    private void RequireSameClasses()
    {
        for (var i = 1; i < Datasets.Count; i++)
        {
            if (!Datasets[i].Classes.SequenceEqual(Classes))
            {
                throw new DatasetException(
                    "ConcatDataset: all parts must have the same classes in the same order, got "
                    + $"({string.Join(", ", Classes.Take(5))}) and, in part {i}, "
                    + $"({string.Join(", ", Datasets[i].Classes.Take(5))}). Set the same classes for each.");
            }
        }
    }
}
