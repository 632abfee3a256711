using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Ssd;

/// <summary>
/// SSD's training objective: L = (L_conf + L_loc) / N, cross entropy over classes and background, and smooth L1 of boxes. Of
/// an image's background anchors only the hardest count, so many for each positive one: Liu et al., arXiv:1512.02325,
/// section 2.2, equations 1 to 3 and "Hard negative mining".
/// </summary>
/// <param name="targets">What every anchor should predict.</param>
/// <param name="losses">What scores and boxes are compared by.</param>
/// <param name="negativesPerPositive">How many background anchors count for each positive one, at most.</param>
public sealed class SsdCriterion(
    AnchorTargets targets, (ILoss Classes, ILoss Boxes) losses, int negativesPerPositive) : IAnchorCriterion
{
    private readonly ILoss _classes = losses.Classes.With(Reduction.None);
    private readonly ILoss _boxes = losses.Boxes.With(Reduction.None);

    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> (B, A (K + 1), H, W) and <c>bbox_pred</c> (B, A 4, H, W).</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls and loss_bbox, one value per image; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Begin();
        var wanted = targets.Make(maps.Sizes, batch);
        var rows = wanted.ByImage();
        var scores = MapRows.ByImage(maps["cls_score"], targets.Options.ScoreCount).Flatten(0, 1); // (B P, K + 1)
        var boxes = targets.Compared(rows.Anchors, MapRows.ByImage(maps["bbox_pred"], 4).Flatten(0, 1)); // (B P, 4)
        var byClass = _classes.Forward(scores, rows.Labels, rows.LabelWeights).Reshape(batch.Count, -1); // (B, P)
        var byBox = _boxes.Forward(boxes, rows.BoxTargets, rows.BoxWeights).Reshape(batch.Count, -1); // (B, P 4)

        // As the reference: N is the number of positive anchors of the whole batch, and at least 1 for each image.
        var terms = new LossTerms();
        terms.Add("loss_cls", (Mined(byClass, rows.Labels.ReshapeAs(byClass)) / wanted.AverageFactor).Unbind());
        terms.Add("loss_bbox", (byBox.Sum(1) / wanted.AverageFactor).Unbind());
        return terms.KeepIn(scope);
    }

    // (B): the losses of positive anchors and of the hardest others.
    private Tensor Mined(Tensor losses, Tensor labels)
    {
        var positive = labels.Ne(targets.Options.ClassCount); // (B, P)
        var counts = positive.Sum(1).ToInt64Array();
        var others = losses.MaskedFill(positive, -1); // below every loss
        var hardest = counts.Select((count, image) =>
        {
            var most = Math.Min(negativesPerPositive * count, losses.Size(1) - count);
            return others[image].TopK(most, sorted: false).Values.Sum();
        });
        return losses.MaskedFill(~positive, 0).Sum(1) + Tensor.Stack(0, [.. hardest]);
    }
}
