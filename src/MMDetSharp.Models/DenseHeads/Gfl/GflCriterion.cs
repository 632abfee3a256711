using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Gfl;

/// <summary>
/// GFL's training objective: scores learn the IoU of their box (QFL), distances learn to be the box (GIoU) and to be sharp
/// (DFL), both weighed by the score: Li et al., arXiv:2006.04388, equation 8. All in strides of the level.
/// </summary>
/// <param name="targets">What every place should predict; boxes as they are.</param>
/// <param name="losses">What each output is compared by.</param>
/// <param name="maxDistance">n: the largest distance.</param>
public sealed class GflCriterion(AnchorTargets targets, GflLosses losses, int maxDistance) : IAnchorCriterion
{
    private static readonly BBoxOverlaps2D s_overlaps = new();

    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> and <c>bbox_pred</c>.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox and loss_dfl, one value per level; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps.Sizes, batch);
        var levels = Enumerable.Range(0, maps.LevelCount).Select(level => Level(maps, wanted, level)).ToArray();

        // The boxes of all levels are averaged together. Differs from the reference: 0 / 0 without any object is 0 here.
        var weight = levels.Sum(level => level.Weight);
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. levels.Select(level => level.Classes)]);
        terms.Add("loss_bbox", [.. levels.Select(level => level.Boxes / (weight > 0 ? weight : 1))]);
        terms.Add("loss_dfl", [.. levels.Select(level => level.Distributions / (weight > 0 ? weight : 1))]);
        return terms.KeepIn(scope);
    }

    private (Tensor Classes, Tensor Boxes, Tensor Distributions, double Weight) Level(
        MapSet maps, AnchorTargetSet wanted, int level)
    {
        var found = wanted.OfLevel(level);
        var scores = MapRows.Of(maps["cls_score"][level], targets.Options.ClassCount); // (N, K)
        var logits = MapRows.Of(maps["bbox_pred"][level], 4 * (maxDistance + 1)); // (N, 4 (n + 1))
        var quality = Tensor.ZerosLike(found.LabelWeights); // (N)
        var positive = found.Positive;
        var (boxes, distributions, weight) = (logits.Sum() * 0, logits.Sum() * 0, 0.0);
        if (positive.Size(0) > 0)
        {
            var stride = targets.Generator.Strides[level].X;
            var points = CenterSize.Points(found.Anchors[positive]) / stride; // (N+, 2)
            var objects = found.BoxTargets[positive] / stride; // (N+, 4)
            var chosen = logits[positive];
            var decoded = DistancePointBBoxCoder.Decode(points, Integral.Expect(chosen)); // (N+, 4)
            quality.IndexPutInPlace(positive, s_overlaps.Aligned(decoded.Detach(), objects));

            var factors = scores.Detach()[positive].AMax(1).Sigmoid(); // (N+)
            weight = factors.Sum().Item();
            boxes = losses.Boxes.Forward(decoded, objects, factors, 1);
            distributions = losses.Distributions.Forward(
                chosen.Reshape(-1, maxDistance + 1),
                DistancePointBBoxCoder.Encode(points, objects, maxDistance).Reshape(-1),
                factors.RepeatInterleave(4, 0),
                4);
        }

        var classes = losses.Classes.Forward(
            scores, new LossTarget(found.Labels, quality), found.LabelWeights, wanted.AverageFactor);
        return (classes, boxes, distributions, weight);
    }
}

/// <summary>What each output of GFL is compared by.</summary>
/// <param name="Classes">Scores, with labels and quality.</param>
/// <param name="Boxes">Boxes in strides.</param>
/// <param name="Distributions">The distributions of each side.</param>
public sealed record GflLosses(ILoss Classes, ILoss Boxes, ILoss Distributions);
