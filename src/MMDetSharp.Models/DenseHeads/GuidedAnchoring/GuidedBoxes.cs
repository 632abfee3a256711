using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Boxes relative to anchors of predicted shape, at the places where an anchor is probable: <c>bbox_pred</c> (B, 4, H, W),
/// <c>shape_pred</c> (B, 2, H, W), <c>loc_pred</c> (B, 1, H, W).
/// </summary>
/// <param name="anchors">The squares, and how they are stretched.</param>
/// <param name="coder">Decodes the boxes.</param>
/// <param name="filter">Which places count.</param>
internal sealed class GuidedBoxes(GuidedAnchors anchors, IBBoxCoder coder, LocationFilter filter) : IPlaceBoxes
{
    /// <inheritdoc/>
    public Tensor[] Priors(MapSet maps) => anchors.Squares.GridAnchors(maps.Sizes, maps.Device);

    /// <inheritdoc/>
    public Tensor? Counted(MapSet maps, in LevelPlace place) => filter.Rows(place.Of(maps["loc_pred"]));

    /// <inheritdoc/>
    public Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows)
    {
        using var scope = TensorScope.Begin();
        var shapes = MapRows.Pick(place.Of(maps["shape_pred"]), 2, rows); // (N, 2)
        var deltas = MapRows.Pick(place.Of(maps["bbox_pred"]), 4, rows); // (N, 4)
        return scope.Keep(coder.Decode(anchors.Stretch(rows is null ? priors : priors[rows], shapes), deltas));
    }
}
