using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Sabl;

/// <summary>
/// Boxes located side by side in the buckets around squares, and how sure the buckets are: arXiv:1912.04260, sections 3.2 and
/// 3.3.
/// </summary>
/// <param name="squares">Generates one square at every place.</param>
/// <param name="coder">Decodes the boxes.</param>
public sealed class SablBoxes(IAnchorGenerator squares, BucketingBBoxCoder coder) : IPlaceBoxes
{
    /// <inheritdoc/>
    public Tensor[] Priors(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return squares.GridAnchors(maps.Sizes, maps.Device);
    }

    /// <inheritdoc/>
    public Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(priors);
        using var scope = TensorScope.Begin();
        return scope.Keep(coder.Decode(
            rows is null ? priors : priors[rows],
            Picked(maps["bbox_cls_pred"], place, rows),
            Picked(maps["bbox_reg_pred"], place, rows)));
    }

    /// <inheritdoc/>
    public Tensor Confidences(MapSet maps, in LevelPlace place, Tensor? rows)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        return scope.Keep(coder.Confidence(Picked(maps["bbox_cls_pred"], place, rows)));
    }

    // (N, 4 S)
    private Tensor Picked(Tensor[] map, in LevelPlace place, Tensor? rows) =>
        MapRows.Pick(place.Of(map), coder.Columns, rows);
}
