using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Leaves out the places where an anchor is improbable: Wang et al., arXiv:1901.03278, section 3.2. The rest of a map is
/// what a convolution of the kept places alone would give.
/// </summary>
/// <remarks>Differs from the reference: each image of a batch has its own places there; the reference takes the first one's.</remarks>
/// <param name="threshold">Places of less probability are left out.</param>
internal sealed class LocationFilter(double threshold)
{
    /// <summary>A map that is 0 at the places left out.</summary>
    /// <param name="map">(B, C, H, W); borrowed.</param>
    /// <param name="locations">(B, 1, H, W): logits of an anchor at a place; borrowed.</param>
    /// <returns>(B, C, H, W); it belongs to the caller.</returns>
    internal Tensor Masked(Tensor map, Tensor locations)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(map.MaskedFill(locations.Sigmoid().Lt(threshold), 0));
    }

    /// <summary>The places that are kept.</summary>
    /// <param name="locations">(1, H, W): of one image; borrowed.</param>
    /// <returns>(N) int64, rising, as the rows of a map; it belongs to the caller.</returns>
    internal Tensor Rows(Tensor locations)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(locations.Sigmoid().Ge(threshold).Flatten().NonZero().Squeeze(-1));
    }
}
