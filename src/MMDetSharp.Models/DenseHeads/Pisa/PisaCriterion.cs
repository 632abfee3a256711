using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Pisa;

/// <summary>
/// Prime sample attention on RetinaNet's objective: positives that are localised best count more in classification (ISR-P),
/// and those that are classified best count more in regression (CARL): Cao et al., "Prime Sample Attention in Object
/// Detection", arXiv:1904.04821, sections 4.1 and 4.2.
/// </summary>
/// <param name="targets">What every anchor should predict.</param>
/// <param name="losses">What scores and boxes are compared by.</param>
/// <param name="options">Which of the two run, and how.</param>
public sealed class PisaCriterion(
    AnchorTargets targets, (ILoss Classes, ILoss Boxes) losses, PisaOptions options) : IAnchorCriterion
{
    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W).</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox, and loss_carl where it is configured; scalars. They belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps.Sizes, batch);
        var rows = wanted.ByImage();
        var scores = MapRows.ByImage(maps["cls_score"], targets.Options.ScoreCount).Flatten(0, 1); // (N, C)
        var boxes = targets.Compared(rows.Anchors, MapRows.ByImage(maps["bbox_pred"], 4).Flatten(0, 1)); // (N, 4)
        var samples = new PrimeSamples(
            rows.Labels[rows.Positive], rows.Objects[rows.Positive], scores[rows.Positive], boxes[rows.Positive],
            rows.BoxTargets[rows.Positive]);
        if (options.Importance is { } importance && rows.Positive.Size(0) > 0)
        {
            rows.LabelWeights.IndexPutInPlace(rows.Positive, PrimeSampleAttention.Importance(
                importance, samples, Overlaps(rows, samples), rows.LabelWeights[rows.Positive], losses.Classes));
        }

        var terms = new LossTerms();
        terms.Add("loss_cls", losses.Classes.Forward(scores, rows.Labels, rows.LabelWeights, wanted.AverageFactor));
        terms.Add("loss_bbox", losses.Boxes.Forward(boxes, rows.BoxTargets, rows.BoxWeights, wanted.AverageFactor));
        if (options.ClassAware is { } classAware)
        {
            terms.Add("loss_carl", rows.Positive.Size(0) > 0
                ? PrimeSampleAttention.ClassAwareLoss(
                    classAware, samples, targets.Options.SigmoidScores, losses.Boxes, wanted.PositiveCount)
                : scores.Sum() * 0); // 0, with gradients of 0
        }

        return terms.KeepIn(scope);
    }

    // (N+): IoU of the predicted boxes with their objects.
    private Tensor Overlaps(TargetRows rows, PrimeSamples samples)
    {
        using var noGrad = GradMode.NoGrad();
        var anchors = rows.Anchors[rows.Positive];
        return new BBoxOverlaps2D().Aligned(
            targets.BoxesOf(anchors, samples.Boxes), targets.BoxesOf(anchors, samples.BoxTargets));
    }
}

/// <summary>Which parts of PISA run; the reference's <c>isr</c> and <c>carl</c> of <c>train_cfg</c>.</summary>
public sealed record PisaOptions
{
    /// <summary>Importance-based sample reweighting of positives; null: none.</summary>
    public PrimeWeighting? Importance { get; init; }

    /// <summary>The classification-aware regression loss; null: none.</summary>
    public PrimeWeighting? ClassAware { get; init; }
}
