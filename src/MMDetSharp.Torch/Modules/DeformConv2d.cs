using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>
/// Deformable convolution whose offsets are given: Dai et al., arXiv:1703.06211, section 2.1. Key: weight; it has no bias.
/// </summary>
public sealed class DeformConv2d : Module
{
    private readonly DeformConvGeometry _geometry;

    /// <param name="inChannels">C of the input (B, C, H, W).</param>
    /// <param name="outChannels">O, the channels of the output.</param>
    /// <param name="kernel">The kernel's height and width.</param>
    /// <param name="geometry">Stride, padding, dilation, groups.</param>
    /// <exception cref="ArgumentException">A size is not positive, or groups do not divide the channels.</exception>
    public DeformConv2d(int inChannels, int outChannels, int kernel, DeformConvGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        geometry.Require(inChannels, outChannels, kernel);
        _geometry = geometry;
        Weight = RegisterParameter("weight", Tensor.Zeros([outChannels, inChannels / geometry.Groups, kernel, kernel]));
    }

    /// <summary>(O, C / groups, kernel, kernel).</summary>
    public Tensor Weight { get; }

    /// <summary>He's uniform rule.</summary>
    public override void InitWeights(Generator generator) => Initializers.KaimingUniformFanIn(Weight, 0, generator);

    /// <summary>Convolves.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="offset">(B, 2 x offset groups x kernel^2, H', W') in pixels: y, x per tap.</param>
    /// <returns>(B, O, H', W'); it belongs to the caller.</returns>
    public Tensor Call(Tensor input, Tensor offset) =>
        Functional.DeformConv2d(input, (Weight, null), offset, mask: null, _geometry);
}
