using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What a head that predicts classes, boxes and how good a place's box is, is compared by.</summary>
/// <param name="Classes">At all places.</param>
/// <param name="Boxes">At positive places.</param>
/// <param name="Quality">Centerness or IoU, at positive places.</param>
public sealed record PlaceLosses(ILoss Classes, ILoss Boxes, ILoss Quality)
{
    /// <summary>1 at the centre of a box, 0 at its sides: Tian et al., arXiv:1904.01355, equation 3.</summary>
    /// <param name="distances">(N, 4) left, top, right, bottom, positive.</param>
    /// <returns>(N); it belongs to the caller.</returns>
    internal static Tensor Centerness(Tensor distances)
    {
        using var scope = TensorScope.Begin();
        var ltrb = distances.Unbind(-1);
        var horizontal = ltrb[0].Minimum(ltrb[2]) / ltrb[0].Maximum(ltrb[2]);
        var vertical = ltrb[1].Minimum(ltrb[3]) / ltrb[1].Maximum(ltrb[3]);
        return scope.Keep((horizontal * vertical).Sqrt());
    }
}
