using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>Which object each box shall find.</summary>
/// <param name="ObjectCount">The number of objects, G.</param>
/// <param name="GroundTruthIndices">(N) int64: 0 background, -1 neither, else 1 + the object's index.</param>
/// <param name="MaxOverlaps">(N): the largest overlap of each box with an object.</param>
/// <param name="Labels">(N) int64: the class of the assigned object, -1 without one.</param>
public sealed record AssignResult(int ObjectCount, Tensor GroundTruthIndices, Tensor MaxOverlaps, Tensor Labels)
{
    /// <summary>
    /// (M, 2) int64: priors and classes that they should find besides their own; null: none. FSAF's shadowed labels.
    /// </summary>
    public Tensor? FurtherLabels { get; init; }

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
