using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>The boxes that count in the loss. S+ are the positives, S- the negatives.</summary>
public sealed record SamplingResult
{
    /// <summary>(S+) int64: rows of the positive boxes, rising.</summary>
    public required Tensor PositiveIndices { get; init; }

    /// <summary>(S-) int64: rows of the background boxes, rising.</summary>
    public required Tensor NegativeIndices { get; init; }

    /// <summary>(S+, 4) xyxy: the positive anchors or proposals.</summary>
    public required Tensor PositiveBoxes { get; init; }

    /// <summary>(S-, 4) xyxy: the negative anchors or proposals.</summary>
    public required Tensor NegativeBoxes { get; init; }

    /// <summary>(S+) int64: the object of each positive box, from 0.</summary>
    public required Tensor PositiveObjects { get; init; }

    /// <summary>(S+, 4) xyxy: the box of that object.</summary>
    public required Tensor PositiveTargets { get; init; }

    /// <summary>(S+) int64: the class of that object, 0 to K - 1.</summary>
    public required Tensor PositiveLabels { get; init; }

    /// <summary>(S+) uint8: 1 where the positive box is an object's own, added to the proposals.</summary>
    public required Tensor PositiveIsGroundTruth { get; init; }

    /// <summary>(S+ + S-, 4): the positive boxes, then the negative ones.</summary>
    public Tensor Boxes() => Tensor.Cat(0, PositiveBoxes, NegativeBoxes);

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>This result.</returns>
    public SamplingResult KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep([PositiveIndices, NegativeIndices, PositiveBoxes, NegativeBoxes]);
        scope.Keep([PositiveObjects, PositiveTargets, PositiveLabels, PositiveIsGroundTruth]);
        return this;
    }
}
