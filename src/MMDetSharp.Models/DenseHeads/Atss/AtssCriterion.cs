using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Atss;

/// <summary>
/// ATSS's training objective, FCOS's on anchors: classes of all anchors, decoded boxes of the positive ones weighed by
/// their centerness, and centerness: arXiv:1912.02424, section 3.1; arXiv:1904.01355, section 3.3.
/// </summary>
/// <param name="targets">What every anchor should predict.</param>
/// <param name="losses">What each output is compared by.</param>
/// <param name="coder">Decodes boxes.</param>
public sealed class AtssCriterion(AnchorTargets targets, PlaceLosses losses, IBBoxCoder coder) : IAnchorCriterion
{
    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_pred</c> and <c>centerness</c>.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox and loss_centerness, one value per level; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps.Sizes, batch);
        var levels = Enumerable.Range(0, maps.LevelCount).Select(level => Level(maps, wanted, level)).ToArray();

        // The boxes of all levels are averaged together.
        var weight = levels.Sum(level => level.BoxWeight);
        var terms = new LossTerms();
        terms.Add("loss_cls", [.. levels.Select(level => level.Classes)]);
        terms.Add("loss_bbox", [.. levels.Select(level => level.Boxes / (weight > 0 ? weight : 1))]);
        terms.Add("loss_centerness", [.. levels.Select(level => level.Centerness)]);
        return terms.KeepIn(scope);
    }

    private (Tensor Classes, Tensor Boxes, Tensor Centerness, double BoxWeight) Level(
        MapSet maps, AnchorTargetSet wanted, int level)
    {
        var found = wanted.OfLevel(level);
        var (deltas, centerness) = (MapRows.Of(maps["bbox_pred"][level], 4), MapRows.Of(maps["centerness"][level], 1));
        var classes = losses.Classes.Forward(
            MapRows.Of(maps["cls_score"][level], targets.Options.ScoreCount), found.Labels, found.LabelWeights,
            wanted.AverageFactor);
        if (found.Positive.Size(0) == 0)
        {
            return (classes, deltas.Sum() * 0, centerness.Sum() * 0, 0); // 0, with gradients of 0
        }

        var anchors = found.Anchors[found.Positive];
        var objects = targets.BoxesOf(anchors, found.BoxTargets[found.Positive]); // (N+, 4)
        var central = Centerness(anchors, objects); // (N+)
        var weight = central.Sum().Item();
        if (double.IsNaN(weight))
        {
            throw new InvalidOperationException(
                "ATSSHead: the centre of a positive anchor must lie in its object, one lies outside. Take assigner=dict(type='ATSSAssigner', topk=9).");
        }

        return (
            classes,
            losses.Boxes.Forward(coder.Decode(anchors, deltas[found.Positive]), objects, central, 1),
            losses.Quality.Forward(
                centerness[found.Positive].Reshape(-1), central, averageFactor: wanted.AverageFactor),
            weight);
    }

    // arXiv:1904.01355, equation 3, from the anchor's centre.
    private static Tensor Centerness(Tensor anchors, Tensor objects) =>
        PlaceLosses.Centerness(DistancePointBBoxCoder.Encode(CenterSize.Points(anchors), objects));
}
