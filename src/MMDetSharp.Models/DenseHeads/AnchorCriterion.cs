using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>The criterion of anchor-based heads: <c>loss_cls</c> and <c>loss_bbox</c>, one value per level.</summary>
/// <param name="targets">What every anchor should predict.</param>
/// <param name="classLoss">Compares scores with labels.</param>
/// <param name="boxLoss">Compares boxes, encoded or not.</param>
public sealed class AnchorCriterion(AnchorTargets targets, ILoss classLoss, ILoss boxLoss) : IAnchorCriterion
{
    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W).</param>
    /// <param name="batch">The images and their objects.</param>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        return Compare(maps, targets.Make(maps.Sizes, batch)).KeepIn(scope);
    }

    /// <summary>Compares the maps with targets that were made before.</summary>
    /// <param name="maps"><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W).</param>
    /// <param name="wanted">What every anchor should predict.</param>
    /// <returns>The terms; they belong to the caller.</returns>
    internal LossTerms Compare(MapSet maps, AnchorTargetSet wanted)
    {
        using var scope = TensorScope.Begin();
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. maps["cls_score"].Select((map, level) => classLoss.Forward(
            MapRows.Of(map, targets.Options.ScoreCount), wanted.Labels[level].Reshape(-1),
            wanted.LabelWeights[level].Reshape(-1), wanted.AverageFactor))]);
        terms.Add("loss_bbox", [.. maps["bbox_pred"].Select((map, level) => boxLoss.Forward(
            targets.Compared(wanted.Anchors[level].Reshape(-1, 4), MapRows.Of(map, 4)),
            wanted.BoxTargets[level].Reshape(-1, 4), wanted.BoxWeights[level].Reshape(-1, 4), wanted.AverageFactor))]);
        return terms.KeepIn(scope);
    }
}
