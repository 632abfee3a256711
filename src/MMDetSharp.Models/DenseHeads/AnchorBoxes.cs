using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Boxes predicted relative to anchors: <c>bbox_pred</c> (B, A 4, H, W).</summary>
/// <param name="generator">Generates the anchors.</param>
/// <param name="coder">Decodes the boxes.</param>
public sealed class AnchorBoxes(IAnchorGenerator generator, IBBoxCoder coder) : IPlaceBoxes
{
    /// <inheritdoc/>
    public Tensor[] Priors(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return generator.GridAnchors(maps.Sizes, maps.Device);
    }

    /// <inheritdoc/>
    public Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(priors);
        using var scope = TensorScope.Begin();
        var deltas = MapRows.Pick(place.Of(maps["bbox_pred"]), 4, rows); // (N, 4)
        return scope.Keep(coder.Decode(rows is null ? priors : priors[rows], deltas));
    }
}
