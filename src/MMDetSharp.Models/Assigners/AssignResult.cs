using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>Which priors are positive, negative or ignored, and which object a positive one learns.</summary>
/// <param name="ObjectCount">The number of objects, G.</param>
/// <param name="GroundTruthIndices">(N) int64: 0 negative, -1 ignored, else 1 + the object's index.</param>
/// <param name="MaxOverlaps">(N): the largest IoU of each prior with an object.</param>
/// <param name="Labels">(N) int64: the class of the assigned object, -1 without one.</param>
public sealed record AssignResult(int ObjectCount, Tensor GroundTruthIndices, Tensor MaxOverlaps, Tensor Labels)
{
    /// <summary>
    /// (M, 2) int64: priors and classes that they should find besides their own; null: none. FSAF's shadowed labels.
    /// </summary>
    public Tensor? FurtherLabels { get; init; }

    /// <summary>The result of an assigner that works on values.</summary>
    /// <param name="indices">(N): 0 negative, -1 ignored, else 1 + the object's index.</param>
    /// <param name="overlaps">(N): the largest IoU of each prior with an object.</param>
    /// <param name="groundTruth">The objects.</param>
    /// <param name="device">Where the result goes.</param>
    /// <returns>It belongs to the caller.</returns>
    internal static AssignResult Of(long[] indices, float[] overlaps, GroundTruth groundTruth, Device device)
    {
        using var scope = TensorScope.Begin();
        var classes = groundTruth.Labels.ToInt64Array();
        var labels = Array.ConvertAll(indices, index => index > 0 ? classes[index - 1] : -1);
        return new AssignResult(
            groundTruth.Count,
            Tensor.From(indices, indices.Length).To(device),
            Tensor.From(overlaps, indices.Length).To(device),
            Tensor.From(labels, indices.Length).To(device)).KeepIn(scope);
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>This result.</returns>
    public AssignResult KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep([GroundTruthIndices, MaxOverlaps, Labels]);
        if (FurtherLabels is not null)
        {
            scope.Keep(FurtherLabels);
        }

        return this;
    }
}
