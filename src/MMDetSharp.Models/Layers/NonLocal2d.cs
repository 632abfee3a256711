using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// Adds to each place a mean over all places, weighed by how alike they are: Wang et al., "Non-local Neural Networks",
/// arXiv:1711.07971, figure 2 (embedded Gaussian), with all channels and without scaling, as Libra R-CNN uses it.
/// Keys: g.conv, conv_out.conv, theta.conv, phi.conv.
/// </summary>
public sealed class NonLocal2d : Layer
{
    private readonly ConvModule _value;
    private readonly ConvModule _output;
    private readonly ConvModule _theta;
    private readonly ConvModule _phi;

    /// <param name="channels">C of the input and the output (B, C, H, W).</param>
    /// <param name="norm">The norm behind the last layer; null for none.</param>
    public NonLocal2d(int channels, NormOptions? norm = null)
    {
        _value = RegisterChild("g", Pointwise(channels, null));
        _output = RegisterChild("conv_out", Pointwise(channels, norm));
        _theta = RegisterChild("theta", Pointwise(channels, null));
        _phi = RegisterChild("phi", Pointwise(channels, null));
    }

    /// <summary>The convolutions' kernels.</summary>
    internal IEnumerable<Tensor> Kernels => [_value.Weight, _output.Weight, _theta.Weight, _phi.Weight];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        // Equation 4: of each place (row) with each place (column), by flattened maps, so that no size is read.
        var theta = _theta.Call(input).Flatten(2).Transpose(1, 2); // (B, H W, C)
        var likeness = theta.MatMul(_phi.Call(input).Flatten(2)).Softmax(-1); // (B, H W, H W)

        // Equations 1 and 6.
        var mean = likeness.MatMul(_value.Call(input).Flatten(2).Transpose(1, 2)); // (B, H W, C)
        return input + _output.Call(mean.Transpose(1, 2).ReshapeAs(input));
    }

    private static ConvModule Pointwise(int channels, NormOptions? norm) =>
        new(channels, channels, new() { Kernel = 1, Norm = norm, Activation = null });
}
