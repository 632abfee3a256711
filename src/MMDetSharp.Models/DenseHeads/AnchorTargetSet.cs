using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What every anchor of a batch should predict. P is the number of anchors of a level.</summary>
/// <param name="Anchors">Per level (P, 4) xyxy.</param>
/// <param name="Labels">Per level (B, P) int64; K is background.</param>
/// <param name="LabelWeights">Per level (B, P).</param>
/// <param name="BoxTargets">Per level (B, P, 4): encoded, or xyxy.</param>
/// <param name="BoxWeights">Per level (B, P, 4).</param>
/// <param name="PositiveCount">Positive anchors of the batch; each image counts at least 1.</param>
/// <param name="NegativeCount">Background anchors of the batch; each image counts at least 1.</param>
public sealed record AnchorTargetSet(
    Tensor[] Anchors,
    Tensor[] Labels,
    Tensor[] LabelWeights,
    Tensor[] BoxTargets,
    Tensor[] BoxWeights,
    long PositiveCount,
    long NegativeCount)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public AnchorTargetSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        foreach (var tensors in (Tensor[][])[Anchors, Labels, LabelWeights, BoxTargets, BoxWeights])
        {
            scope.Keep(tensors);
        }

        return this;
    }
}
