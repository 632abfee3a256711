using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Anchors of predicted shape: a square at every place, stretched around its centre: Wang et al., arXiv:1901.03278,
/// section 3.3, equation 2; <c>shape_pred</c> (B, 2, H, W) has the logarithms of width and height.
/// </summary>
/// <param name="squares">Generates one square at every place.</param>
/// <param name="coder">Stretches them: <c>anchor_coder</c>.</param>
internal sealed class GuidedAnchors(IAnchorGenerator squares, IBBoxCoder coder)
{
    /// <summary>Generates one square at every place.</summary>
    internal IAnchorGenerator Squares => squares;

    /// <summary>Stretches squares; records for the backward pass.</summary>
    /// <param name="anchors">(N, 4) xyxy: squares.</param>
    /// <param name="shapes">(N, 2) as predicted.</param>
    /// <returns>(N, 4) xyxy; it belongs to the caller.</returns>
    internal Tensor Stretch(Tensor anchors, Tensor shapes)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(coder.Decode(anchors, Tensor.Cat(1, Tensor.ZerosLike(shapes), shapes)));
    }

    /// <summary>The anchors of one image.</summary>
    /// <param name="levels">(L): (P, 4) squares of each level.</param>
    /// <param name="maps">With <c>shape_pred</c>.</param>
    /// <param name="image">Its place in the batch.</param>
    /// <returns>(L): (P, 4) xyxy; they belong to the caller.</returns>
    internal Tensor[] OfImage(Tensor[] levels, MapSet maps, int image)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep([.. levels.Select((level, l) =>
            Stretch(level, MapRows.Pick(maps["shape_pred"][l][image], 2, rows: null)))]);
    }
}
