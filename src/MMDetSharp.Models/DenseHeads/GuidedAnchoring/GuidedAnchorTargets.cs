using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Ground truth to targets of guided anchors: where anchors should stand, which shape they should have, and what should be
/// predicted from those that the network makes: Wang et al., arXiv:1901.03278, section 3.5.
/// </summary>
public sealed class GuidedAnchorTargets
{
    private readonly GuidedAnchors _anchors;

    /// <param name="anchors">The squares, and how they are stretched.</param>
    /// <param name="locations">Where anchors should stand.</param>
    /// <param name="shapes">Which object the anchor of a place should cover: squares with their approximations; boxes.</param>
    /// <param name="predictions">What the anchors that the network makes should find.</param>
    internal GuidedAnchorTargets(
        GuidedAnchors anchors, LocationTargets locations, AnchorTargets shapes, AnchorTargets predictions) =>
        (_anchors, Locations, Shapes, Predictions) = (anchors, locations, shapes, predictions);

    /// <summary>Where anchors should stand.</summary>
    public LocationTargets Locations { get; }

    /// <summary>Which object the anchor of a place should cover.</summary>
    public AnchorTargets Shapes { get; }

    /// <summary>What the anchors that the network makes should find.</summary>
    public AnchorTargets Predictions { get; }

    /// <summary>Makes the targets of a batch; no gradient reaches the maps through them.</summary>
    /// <param name="maps">With <c>shape_pred</c> (B, 2, H, W).</param>
    /// <param name="batch">What happened to each image, and its objects.</param>
    /// <returns>Targets on the images' device; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">An image has no anchor that counts, or the batch has no ground truth.</exception>
    public GuidedTargetSet Make(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        batch.RequireGroundTruth("GuidedAnchorTargets");
        using var scope = TensorScope.Begin();
        var squares = Shapes.Grid(maps.Sizes, maps.Device);
        return new GuidedTargetSet(
            Locations.Make(maps.Sizes, batch),
            Shapes.Make([.. Enumerable.Repeat(squares, batch.Count)], WithoutIgnored(batch)),
            Predictions.Make(Guided(squares, maps), batch)).KeepIn(scope);
    }

    /// <summary>The anchors that the network makes, in the scope around.</summary>
    /// <param name="squares">At all places.</param>
    /// <param name="maps">With <c>shape_pred</c> (B, 2, H, W).</param>
    /// <returns>(B).</returns>
    internal AnchorGrid[] Guided(AnchorGrid squares, MapSet maps)
    {
        using var noGrad = GradMode.NoGrad();
        var images = maps["shape_pred"][0].Size(0);
        return [.. Enumerable.Range(0, (int)images).Select(image => squares.With(_anchors.OfImage(squares.Levels, maps, image)))];
    }

    // As the reference: shapes are learned on crowds as well.
    private static Batch WithoutIgnored(Batch batch) => new(
        batch.Images, batch.Infos,
        [.. batch.GroundTruths.Select(truth =>
            new GroundTruth(truth.Boxes, truth.Labels, truth.IgnoredBoxes.Narrow(0, 0, 0)))]);
}

/// <summary>What guided anchors are trained by.</summary>
/// <param name="Locations">Where anchors should stand.</param>
/// <param name="Shapes">The squares, and the box that the positive ones should become.</param>
/// <param name="Predictions">What the guided anchors should find.</param>
public sealed record GuidedTargetSet(LocationTargetSet Locations, AnchorTargetSet Shapes, AnchorTargetSet Predictions)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public GuidedTargetSet KeepIn(TensorScope scope)
    {
        Locations.KeepIn(scope);
        Shapes.KeepIn(scope);
        Predictions.KeepIn(scope);
        return this;
    }
}
