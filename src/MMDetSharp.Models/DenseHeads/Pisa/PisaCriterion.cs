using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
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
/// <param name="losses">What scores and encoded boxes are compared by.</param>
/// <param name="coder">Decodes boxes.</param>
/// <param name="options">Which of the two run, and how.</param>
public sealed class PisaCriterion(
    AnchorTargets targets, (ILoss Classes, ILoss Boxes) losses, IBBoxCoder coder, PisaOptions options) : IAnchorCriterion
{
    private readonly ILoss _eachClass = losses.Classes.With(Reduction.None);
    private readonly ILoss _eachBox = losses.Boxes.With(Reduction.None);

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
        double samples = targets.Options.Sampling ? wanted.PositiveCount + wanted.NegativeCount : wanted.PositiveCount;
        var rows = wanted.ByImage();
        var scores = MapRows.ByImage(maps["cls_score"], targets.Options.ScoreCount).Flatten(0, 1); // (N, C)
        var deltas = MapRows.ByImage(maps["bbox_pred"], 4).Flatten(0, 1); // (N, 4)
        var positives = new PisaPositives(
            rows.Labels[rows.Positive], rows.Objects[rows.Positive], scores[rows.Positive], deltas[rows.Positive],
            rows.BoxTargets[rows.Positive]);
        if (options.Importance is { } importance && rows.Positive.Size(0) > 0)
        {
            rows.LabelWeights.IndexPutInPlace(rows.Positive, Importance(importance, rows, positives));
        }

        var terms = new LossTerms();
        terms.Add("loss_cls", losses.Classes.Forward(scores, rows.Labels, rows.LabelWeights, samples));
        terms.Add("loss_bbox", losses.Boxes.Forward(deltas, rows.BoxTargets, rows.BoxWeights, samples));
        if (options.ClassAware is { } classAware)
        {
            terms.Add("loss_carl", rows.Positive.Size(0) > 0
                ? ClassAwareLoss(classAware, positives, wanted.PositiveCount)
                : scores.Sum() * 0); // 0, with gradients of 0
        }

        return terms.KeepIn(scope);
    }

    // Section 4.1: (N+) weights by rank, equation 3; normalised so that the sum of the losses stays, equation 4.
    private Tensor Importance(PisaWeighting weighting, TargetRows rows, PisaPositives positives)
    {
        using var noGrad = GradMode.NoGrad();
        var (anchors, before) = (rows.Anchors[rows.Positive], rows.LabelWeights[rows.Positive]);
        var overlaps = new BBoxOverlaps2D().Aligned(
            coder.Decode(anchors, positives.Deltas), coder.Decode(anchors, positives.BoxTargets));
        var ranked = before * HierarchicalLocalRank.Importance(
            overlaps, positives.Labels, positives.Objects); // u_i of equation 2
        var weights = ((ranked * (1 - weighting.Bias)) + weighting.Bias).Pow(weighting.Exponent);
        var each = _eachClass.Forward(positives.Scores, positives.Labels).Reshape(before.Size(0), -1).Sum(1); // (N+)
        return weights * ((each * before).Sum() / (each * weights).Sum());
    }

    // Section 4.2: boxes weighed by the score of their class, through which the gradient reaches the score; equations 5 and 6.
    private Tensor ClassAwareLoss(PisaWeighting weighting, PisaPositives positives, double averageFactor)
    {
        var probabilities = targets.Options.SigmoidScores ? positives.Scores.Sigmoid() : positives.Scores.Softmax(1);
        var score = probabilities.Gather(1, positives.Labels.Unsqueeze(1)); // (N+, 1)
        var weights = ((score * (1 - weighting.Bias)) + weighting.Bias).Pow(weighting.Exponent);
        weights *= weights.Size(0) / weights.Sum();
        return (_eachBox.Forward(positives.Deltas, positives.BoxTargets) * weights).Sum() / averageFactor;
    }

    private sealed record PisaPositives(Tensor Labels, Tensor Objects, Tensor Scores, Tensor Deltas, Tensor BoxTargets);
}

/// <summary>Which parts of PISA run; the reference's <c>isr</c> and <c>carl</c> of <c>train_cfg</c>.</summary>
public sealed record PisaOptions
{
    /// <summary>Importance-based sample reweighting of positives; null: none.</summary>
    public PisaWeighting? Importance { get; init; }

    /// <summary>The classification-aware regression loss; null: none.</summary>
    public PisaWeighting? ClassAware { get; init; }
}

/// <summary>From importance to weight: w = ((1 - bias) u + bias) ^ k, equation 3.</summary>
/// <param name="Exponent">k: how much more the best count.</param>
/// <param name="Bias">The weight that the worst keep, before the power.</param>
public sealed record PisaWeighting(double Exponent, double Bias);
