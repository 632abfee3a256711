using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Takes all positive and all background boxes: for losses that weigh them themselves.</summary>
public sealed class PseudoSampler : ISampler
{
    /// <inheritdoc/>
    public SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth)
    {
        ArgumentNullException.ThrowIfNull(assigned);
        ArgumentNullException.ThrowIfNull(groundTruth);
        boxes.RequireShape([assigned.GroundTruthIndices.Size(0), 4], "Sample the boxes that were assigned.");
        using var scope = TensorScope.Begin();
        var positive = assigned.GroundTruthIndices.Gt(0).NonZero().Squeeze(-1); // (S+)
        var negative = assigned.GroundTruthIndices.Eq(0).NonZero().Squeeze(-1); // (S-)
        var objects = assigned.GroundTruthIndices[positive] - 1; // (S+)
        return new SamplingResult
        {
            PositiveIndices = positive,
            NegativeIndices = negative,
            PositiveBoxes = boxes[positive],
            NegativeBoxes = boxes[negative],
            PositiveObjects = objects,
            PositiveTargets = groundTruth.Boxes[objects],
            PositiveLabels = groundTruth.Labels[objects],
            PositiveIsGroundTruth = Tensor.Zeros([positive.Size(0)], ScalarType.UInt8, boxes.Device),
        }.KeepIn(scope);
    }
}
