using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Data.Loading;

/// <summary>
/// Random order for training in which every batch holds images of one group (wide or high), so that little is padded.
/// Each group is filled up to whole batches with images drawn from it again; then the batches are shuffled.
/// </summary>
public sealed class GroupSampler : ISampler
{
    private readonly int[][] _groups;
    private readonly int _batchSize;
    private readonly int _seed;

    /// <param name="groups">(N): the group of each image, as <c>IDetectionDataset.AspectGroups</c>.</param>
    /// <param name="batchSize">Images per batch.</param>
    /// <param name="seed">What the order depends on, together with the epoch.</param>
    public GroupSampler(IReadOnlyList<byte> groups, int batchSize, int seed)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _groups = [.. Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).OrderBy(group => group.Key)
            .Select(group => group.ToArray())];
        _batchSize = batchSize;
        _seed = seed;
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Order(int epoch)
    {
        var random = new CounterRandom(_seed, epoch);
        var filled = new List<int>();
        foreach (var group in _groups)
        {
            var indices = (int[])group.Clone();
            random.Shuffle(indices);
            filled.AddRange(indices);
            while (filled.Count % _batchSize != 0)
            {
                filled.Add(indices[random.NextInt(0, indices.Length)]);
            }
        }

        var batches = random.Permutation(filled.Count / _batchSize);
        return [.. batches.SelectMany(batch => filled.GetRange(batch * _batchSize, _batchSize))];
    }
}
