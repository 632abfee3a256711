using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// Lets a feature see as much of the map as the anchor that was predicted at its place covers: a deformable convolution
/// whose offsets come from the anchor's shape: Wang et al., arXiv:1901.03278, section 3.4, equation 3. Keys:
/// conv_offset.weight, conv_adaption.weight.
/// </summary>
public sealed class FeatureAdaption : Module
{
    private const int Kernel = 3;

    private readonly Conv2d _offsets;
    private readonly DeformConv2d _adaption;

    /// <param name="channels">C of the feature, before and behind.</param>
    /// <param name="offsetGroups">Into how many parts the channels are split, each with offsets of its own.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public FeatureAdaption(int channels, int offsetGroups)
    {
        _offsets = RegisterChild(
            "conv_offset", new Conv2d(2, 2 * Kernel * Kernel * offsetGroups, new() { Kernel = 1, Bias = false }));
        _adaption = RegisterChild(
            "conv_adaption",
            new DeformConv2d(channels, channels, Kernel, new() { Padding = Kernel / 2, OffsetGroups = offsetGroups }));
    }

    /// <summary>As the reference: normal, with deviations 0.1 of the offsets and 0.01 of the convolution.</summary>
    public override void InitWeights(Generator generator)
    {
        Initializers.Normal(_offsets.Weight, 0, 0.1, generator);
        Initializers.Normal(_adaption.Weight, 0, 0.01, generator);
    }

    /// <summary>Adapts a feature; no gradient reaches the shape.</summary>
    /// <param name="feature">(B, C, H, W); borrowed.</param>
    /// <param name="shape">(B, 2, H, W): the predicted logarithms of width and height; borrowed.</param>
    /// <returns>(B, C, H, W); it belongs to the caller.</returns>
    public Tensor Call(Tensor feature, Tensor shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        using var scope = TensorScope.Begin();
        return scope.Keep(_adaption.Call(feature, _offsets.Call(shape.Detach())).Relu());
    }
}
