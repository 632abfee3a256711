using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// IoU hierarchical local rank (IoU-HLR): the best sample of every object comes before the second best of any, and inside
/// such a group the IoU decides: Cao et al., arXiv:1904.04821, section 3.2 and figure 3.
/// </summary>
internal static class HierarchicalLocalRank
{
    /// <summary>The importance of each sample among those of its class.</summary>
    /// <param name="overlaps">(N) IoU of the sample's box with its object.</param>
    /// <param name="labels">(N) int64: its class.</param>
    /// <param name="objects">(N) int64: its object.</param>
    /// <returns>
    /// (N): (n_max - rank) / n_max, where n_max counts the samples of the most frequent class: equation 2. It belongs to
    /// the caller.
    /// </returns>
    internal static Tensor Importance(Tensor overlaps, Tensor labels, Tensor objects)
    {
        var (values, classes, owners) = (overlaps.ToArray(), labels.ToInt64Array(), objects.ToInt64Array());
        var groups = Enumerable.Range(0, values.Length).GroupBy(i => classes[i]).Select(group => group.ToArray()).ToArray();
        var largest = groups.Max(group => group.Length);
        var importance = new float[values.Length];
        foreach (var group in groups)
        {
            foreach (var samples in group.GroupBy(i => owners[i]))
            {
                // As the reference: ranks become whole numbers before the IoU, in single precision.
                foreach (var (rank, i) in samples.OrderByDescending(i => values[i]).ToArray().Index())
                {
                    values[i] += largest - (float)rank;
                }
            }

            foreach (var (rank, i) in group.OrderByDescending(i => values[i]).ToArray().Index())
            {
                importance[i] = (largest - (float)rank) / largest;
            }
        }

        using var scope = TensorScope.Begin();
        return scope.Keep(Tensor.From(importance, importance.Length).To(overlaps.Device));
    }
}
