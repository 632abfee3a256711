using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>The boxes of one image that a sampler samples from. N is their number.</summary>
internal sealed class SampleCandidates
{
    private readonly Tensor _objects; // (N): 0 background, -1 ignored, else 1 + the object
    private readonly Tensor _boxes; // (N, 4)
    private readonly long _added;

    /// <param name="assigned">The assigner's result for the boxes; borrowed.</param>
    /// <param name="boxes">(N, 4) xyxy; borrowed.</param>
    internal SampleCandidates(AssignResult assigned, Tensor boxes)
    {
        boxes.RequireShape([assigned.GroundTruthIndices.Size(0), 4], "Sample the boxes that were assigned.");
        (_objects, _boxes) = (assigned.GroundTruthIndices, boxes);
    }

    private SampleCandidates(Tensor objects, Tensor boxes, long added) =>
        (_objects, _boxes, _added) = (objects, boxes, added);

    /// <summary>The same behind the objects' own boxes, each of which finds its object; in the scope around.</summary>
    internal SampleCandidates After(GroundTruth groundTruth) => new(
        Tensor.Cat(0, Tensor.Arange(1, groundTruth.Count + 1, 1, ScalarType.Int64, _boxes.Device), _objects),
        Tensor.Cat(0, groundTruth.Boxes, _boxes),
        groundTruth.Count);

    /// <summary>(N+) int64: the rows that find an object, rising; in the scope around.</summary>
    internal Tensor Positive() => _objects.Gt(0).NonZero().Squeeze(-1);

    /// <summary>(N-) int64: the background's rows, rising; in the scope around.</summary>
    internal Tensor Negative() => _objects.Eq(0).NonZero().Squeeze(-1);

    /// <summary>What counts of them.</summary>
    /// <param name="positive">(S+) int64, rising: some of <see cref="Positive"/>.</param>
    /// <param name="negative">(S-) int64, rising: some of <see cref="Negative"/>.</param>
    /// <param name="groundTruth">The objects that were assigned.</param>
    /// <returns>In the scope around, the rows as they were given.</returns>
    internal SamplingResult Sampled(Tensor positive, Tensor negative, GroundTruth groundTruth)
    {
        var objects = _objects[positive] - 1; // (S+)
        return new()
        {
            PositiveIndices = positive,
            NegativeIndices = negative,
            PositiveBoxes = _boxes[positive],
            NegativeBoxes = _boxes[negative],
            PositiveObjects = objects,
            PositiveTargets = groundTruth.Boxes[objects],
            PositiveLabels = groundTruth.Labels[objects],
            PositiveIsGroundTruth = positive.Lt(_added).To(ScalarType.UInt8),
        };
    }
}
