using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Vfnet;

/// <summary>
/// VFNet's training objective: initial and refined boxes, each weighed by its own IoU, and scores that learn the IoU of the
/// refined box: Zhang et al., arXiv:2008.13367, equation 3.
/// </summary>
/// <param name="targets">What every place should predict.</param>
/// <param name="losses">What each output is compared by.</param>
public sealed class VfnetCriterion(VfnetTargets targets, VfnetLosses losses) : ICriterion, IPositivePlaces
{
    // As the reference: no positive weighs 0.
    private const double LeastIoU = 1e-6;

    private static readonly BBoxOverlaps2D s_overlaps = new();

    /// <summary>What every place should predict.</summary>
    internal VfnetTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_pred</c> and <c>bbox_pred_refine</c>.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox and loss_bbox_rf, scalars; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps, batch);
        var scores = MapRows.ByLevel(maps["cls_score"], (int)maps["cls_score"][0].Size(1)); // (N, K)
        var positive = wanted.Labels.Lt(scores.Size(1)).NonZero().Squeeze(-1); // (N+)
        var points = wanted.Points[positive];
        var objects = DistancePointBBoxCoder.Decode(points, wanted.Distances[positive]); // (N+, 4)
        var (initial, _) = Boxes(losses.Boxes, maps["bbox_pred"]);
        var (refined, overlaps) = Boxes(losses.Refined, maps["bbox_pred_refine"]);
        var count = Math.Max(positive.Size(0), 1);
        var terms = new LossTerms();
        terms.Add("loss_cls", losses.LearnsIoU
            ? losses.Classes.Forward(scores, Quality(), averageFactor: count)
            : losses.Classes.Forward(scores, wanted.Labels, wanted.LabelWeights, count));
        terms.Add("loss_bbox", initial);
        terms.Add("loss_bbox_rf", refined);
        return terms.KeepIn(scope);

        (Tensor Loss, Tensor Overlaps) Boxes(ILoss loss, Tensor[] map)
        {
            var distances = MapRows.ByLevel(map, 4)[positive];
            if (positive.Size(0) == 0)
            {
                return (distances.Sum(), Tensor.Zeros([0], device: distances.Device)); // 0, with gradients of 0
            }

            var boxes = DistancePointBBoxCoder.Decode(points, distances);
            var ious = s_overlaps.Aligned(boxes.Detach(), objects).Clamp(min: LeastIoU);
            return (loss.Forward(boxes, objects, ious, Math.Max(ious.Sum().Item(), 1)), ious);
        }

        // (N, K): equation 2's q.
        Tensor Quality()
        {
            var quality = Tensor.ZerosLike(scores.Detach());
            quality.IndexPutInPlace([positive, wanted.Labels[positive]], overlaps);
            return quality;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch) => targets.Positives(maps, batch);
}

/// <summary>What each output of VFNet is compared by.</summary>
/// <param name="Classes">Scores: with the IoU at each class, or with labels.</param>
/// <param name="LearnsIoU">Which of the two: <c>use_vfl</c>.</param>
/// <param name="Boxes">The initial boxes.</param>
/// <param name="Refined">The refined boxes.</param>
public sealed record VfnetLosses(ILoss Classes, bool LearnsIoU, ILoss Boxes, ILoss Refined)
{
    /// <summary>Reads the losses of the head's node; both losses of scores are read, and one is taken.</summary>
    /// <param name="reader">The node.</param>
    /// <param name="parts">The tables of losses.</param>
    internal static VfnetLosses FromConfig(ConfigReader reader, PartTables parts)
    {
        var learnsIoU = reader.Bool("use_vfl", true);
        var (ious, labels) = (
            parts.Loss(reader, "loss_cls", () => new VarifocalLoss()),
            parts.Loss(reader, "loss_cls_fl", () => new FocalLoss()));
        return new(
            learnsIoU ? ious : labels, learnsIoU,
            parts.Loss(reader, "loss_bbox", () => Giou(1.5)),
            parts.Loss(reader, "loss_bbox_refine", () => Giou(2)));
    }

    private static GIoULoss Giou(double weight) => new(reduction: WeightedReduction.Default with { LossWeight = weight });
}
