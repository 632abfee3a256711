using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>Two 3x3 layers, of ResNet-18 and -34; arXiv:1512.03385, figure 5 left.</summary>
internal sealed class BasicBlock : ResidualBlock
{
    private readonly Conv2d _conv1;
    private readonly Layer _norm1;
    private readonly Conv2d _conv2;
    private readonly Layer _norm2;

    internal BasicBlock(BlockShape shape, bool hasShortcut, ResNetOptions options)
    {
        var (planes, norm) = (shape.Planes, options.Norm);
        _conv1 = RegisterChild("conv1", new Conv2d(shape.InChannels, planes, new()
        {
            Kernel = 3,
            Stride = shape.Stride,
            Padding = shape.Dilation,
            Dilation = shape.Dilation,
            Bias = false,
        }));
        _norm1 = RegisterChild(norm.Key + "1", norm.Create(planes));
        _conv2 = RegisterChild("conv2", new Conv2d(planes, planes, new() { Kernel = 3, Padding = 1, Bias = false }));
        _norm2 = RegisterChild(norm.Key + "2", norm.Create(planes));
        Shortcut = hasShortcut ? RegisterChild("downsample", new Downsample(shape, planes, options)) : null;
    }

    /// <inheritdoc/>
    internal override Layer LastNorm => _norm2;

    /// <inheritdoc/>
    internal override Downsample? Shortcut { get; }

    /// <inheritdoc/>
    protected override Tensor Residual(Tensor input)
    {
        using var inner = ConvNorm.ForwardRelu(_conv1, _norm1, input); // (B, planes, H', W')
        return ConvNorm.Forward(_conv2, _norm2, inner);
    }
}
