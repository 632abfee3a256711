using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Sabl;

/// <summary>
/// SABL's training objective on RetinaNet: classes of all squares, and for each side of the positive ones in which bucket it
/// lies and how far from the nearest buckets' centres: arXiv:1912.04260, sections 3.2 and 3.4.
/// </summary>
/// <param name="targets">What every square should predict; boxes as they are.</param>
/// <param name="losses">What each output is compared by.</param>
/// <param name="coder">Puts the objects' sides into buckets.</param>
public sealed class SablCriterion(AnchorTargets targets, SablLosses losses, BucketingBBoxCoder coder) : IAnchorCriterion
{
    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_cls_pred</c> and <c>bbox_reg_pred</c>.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox_cls and loss_bbox_reg, one value per level; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps.Sizes, batch);
        var levels = Enumerable.Range(0, maps.LevelCount).Select(level => Level(maps, wanted, level)).ToArray();
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. levels.Select(level => level.Classes)]);
        terms.Add("loss_bbox_cls", [.. levels.Select(level => level.Buckets)]);
        terms.Add("loss_bbox_reg", [.. levels.Select(level => level.Offsets)]);
        return terms.KeepIn(scope);
    }

    /// <summary>What the positive rows should predict.</summary>
    /// <returns>It belongs to the caller.</returns>
    internal BucketTargets Encode(TargetRows rows) => coder.Encode(rows.Anchors[rows.Positive], rows.BoxTargets[rows.Positive]);

    private (Tensor Classes, Tensor Buckets, Tensor Offsets) Level(MapSet maps, AnchorTargetSet wanted, int level)
    {
        var (rows, count) = (wanted.OfLevel(level), wanted.AverageFactor);
        var classes = losses.Classes.Forward(
            MapRows.Of(maps["cls_score"][level], targets.Options.ScoreCount), rows.Labels, rows.LabelWeights, count);
        var buckets = MapRows.Of(maps["bbox_cls_pred"][level], coder.Columns); // (N, 4 S)
        var offsets = MapRows.Of(maps["bbox_reg_pred"][level], coder.Columns); // (N, 4 S)
        if (rows.Positive.Size(0) == 0)
        {
            return (classes, buckets.Sum() * 0, offsets.Sum() * 0); // 0, with gradients of 0
        }

        var goal = Encode(rows);
        return (
            classes,
            losses.Buckets.Forward(
                buckets[rows.Positive], goal.Labels, goal.LabelWeights, count * coder.Columns),
            losses.Offsets.Forward(
                offsets[rows.Positive], goal.Offsets, goal.OffsetWeights, count * 4 * coder.Options.NearestBuckets));
    }
}

/// <summary>What each output of SABL is compared by.</summary>
/// <param name="Classes">Scores, with labels.</param>
/// <param name="Buckets">Whether a side lies in a bucket, each bucket by itself.</param>
/// <param name="Offsets">Distances of the side from the buckets' centres.</param>
public sealed record SablLosses(ILoss Classes, ILoss Buckets, ILoss Offsets);
