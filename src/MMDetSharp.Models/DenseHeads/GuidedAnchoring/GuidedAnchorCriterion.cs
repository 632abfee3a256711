using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// The training objective of guided anchors: scores and boxes as of any anchors, their locations and their shapes: Wang et
/// al., arXiv:1901.03278, section 3.5, equation 4.
/// </summary>
public sealed class GuidedAnchorCriterion : ICriterion, IPositivePlaces
{
    private readonly GuidedAnchors _anchors;
    private readonly AnchorCriterion _predictions;
    private readonly GuidedAnchorLosses _losses;

    /// <param name="anchors">The squares, and how they are stretched.</param>
    /// <param name="targets">What should be predicted.</param>
    /// <param name="predictions">Compares scores and boxes of the guided anchors.</param>
    /// <param name="losses">What locations and shapes are compared by.</param>
    internal GuidedAnchorCriterion(
        GuidedAnchors anchors, GuidedAnchorTargets targets, AnchorCriterion predictions, GuidedAnchorLosses losses) =>
        (_anchors, Targets, _predictions, _losses) = (anchors, targets, predictions, losses);

    /// <summary>What should be predicted.</summary>
    public GuidedAnchorTargets Targets { get; }

    /// <inheritdoc/>
    /// <param name="maps">
    /// <c>cls_score</c> (B, C, H, W), <c>bbox_pred</c> (B, 4, H, W), <c>shape_pred</c> (B, 2, H, W), <c>loc_pred</c> (B, 1, H, W).
    /// </param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox, loss_shape and loss_loc, one value per level; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var wanted = Targets.Make(maps, batch);
        var terms = _predictions.Compare(maps, wanted.Predictions);
        terms.Add("loss_shape", [.. maps["shape_pred"].Select((map, level) => Shape(map, wanted.Shapes, level))]);
        terms.Add("loss_loc", [.. maps["loc_pred"].Select((map, level) => Location(map, wanted.Locations, level))]);
        return terms.KeepIn(scope);
    }

    /// <inheritdoc/>
    /// <remarks>The centres of the anchors that the network makes now.</remarks>
    public IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch)
    {
        using var scope = TensorScope.Begin();
        return [.. Targets.Make(maps, batch).Predictions.Positives()];
    }

    // Equation 6, of the squares that should cover an object: their centres stay, so that it never becomes 0.
    private Tensor Shape(Tensor map, AnchorTargetSet wanted, int level)
    {
        var rows = wanted.OfLevel(level);
        var shapes = MapRows.Of(map, 2)[rows.Positive]; // (N+, 2)
        return _losses.Shape.Forward(
            _anchors.Stretch(rows.Anchors[rows.Positive], shapes),
            rows.BoxTargets[rows.Positive], rows.BoxWeights[rows.Positive], wanted.AverageFactor);
    }

    private Tensor Location(Tensor map, LocationTargetSet wanted, int level)
    {
        // As the reference: label 1 stands where an anchor should be, though label 1 of one class means background. So the
        // branch learns the opposite of the paper's.
        var centers = wanted.Centers[level];
        var labels = _losses.LearnsCenters ? 1 - centers : centers;
        return _losses.Location.Forward(
            MapRows.Of(map, 1), labels.To(ScalarType.Int64).Reshape(-1), wanted.Weights[level].Reshape(-1), wanted.AverageFactor);
    }
}

/// <summary>What locations and shapes of guided anchors are compared by.</summary>
/// <param name="Location">Compares logits (N, 1) with labels: 0 where there is an anchor, 1 where there is none.</param>
/// <param name="Shape">Compares anchors with boxes.</param>
public sealed record GuidedAnchorLosses(ILoss Location, ILoss Shape)
{
    /// <summary>
    /// Whether the location branch learns where objects' centres are, as in the paper; else, as in the reference, where none is.
    /// </summary>
    public bool LearnsCenters { get; init; }
}
