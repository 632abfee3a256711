using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Maps and targets to <c>loss_cls</c> and <c>loss_bbox</c>, one value per level.</summary>
/// <param name="options">Classes, and what is averaged over.</param>
/// <param name="classLoss">Compares scores with labels.</param>
/// <param name="boxLoss">Compares boxes, encoded or not.</param>
/// <param name="coder">Decodes boxes where boxes are compared.</param>
public sealed class AnchorLoss(AnchorHeadOptions options, ILoss classLoss, ILoss boxLoss, IBBoxCoder coder)
{
    /// <summary>Compares.</summary>
    /// <param name="scores">Per level (B, A C, H, W).</param>
    /// <param name="boxes">Per level (B, A 4, H, W).</param>
    /// <param name="targets">What they should be.</param>
    /// <returns>The terms; they belong to the caller.</returns>
    public LossTerms Compare(Tensor[] scores, Tensor[] boxes, AnchorTargetSet targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        using var scope = TensorScope.Begin();
        double samples = options.Sampling
            ? targets.PositiveCount + targets.NegativeCount
            : targets.PositiveCount;
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. scores.Select((map, level) => classLoss.Forward(
            Rows(map, options.ScoreCount), targets.Labels[level].Reshape(-1),
            targets.LabelWeights[level].Reshape(-1), samples))]);
        terms.Add("loss_bbox", [.. boxes.Select((map, level) => boxLoss.Forward(
            Boxes(map, targets.Anchors[level]), targets.BoxTargets[level].Reshape(-1, 4),
            targets.BoxWeights[level].Reshape(-1, 4), samples))]);
        return terms.KeepIn(scope);
    }

    // (B, A n, H, W) to (B H W A, n): the order of the anchors.
    private static Tensor Rows(Tensor map, int columns) => map.Permute(0, 2, 3, 1).Reshape(-1, columns);

    private Tensor Boxes(Tensor map, Tensor anchors)
    {
        var deltas = Rows(map, 4); // (B P, 4)
        return options.CompareBoxes ? coder.Decode(anchors.Repeat(map.Size(0), 1), deltas) : deltas;
    }
}
