using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// 1x1, 3x3 and 1x1 layers, of ResNet-50 and deeper; arXiv:1512.03385, figure 5 right. In ResNeXt the middle one has groups:
/// arXiv:1611.05431, figure 3 (c).
/// </summary>
internal sealed class Bottleneck : ResidualBlock
{
    /// <summary>Channels that come out per channel inside.</summary>
    internal const int Expansion = 4;

    private readonly Conv2d _conv1;
    private readonly Layer _norm1;
    private readonly Layer _conv2;
    private readonly Layer _norm2;
    private readonly Conv2d _conv3;
    private readonly Layer _norm3;

    internal Bottleneck(BlockShape shape, bool hasShortcut, ResNetOptions options)
    {
        var (planes, norm) = (shape.Planes, options.Norm);
        var width = options.Width(planes);
        var firstStride = options.Style == ResNetStyle.Caffe ? shape.Stride : 1;
        _conv1 = RegisterChild(
            "conv1", new Conv2d(shape.InChannels, width, new() { Kernel = 1, Stride = firstStride, Bias = false }));
        _norm1 = RegisterChild(norm.Key + "1", norm.Create(width));
        var inner = new Conv2dOptions
        {
            Kernel = 3,
            Stride = shape.Stride / firstStride,
            Padding = shape.Dilation,
            Dilation = shape.Dilation,
            Groups = options.Groups,
            Bias = false,
        };
        _conv2 = RegisterChild<Layer>("conv2", shape.Deform is { } deform
            ? new DeformConvPack(width, width, inner, deform)
            : new Conv2d(width, width, inner));
        _norm2 = RegisterChild(norm.Key + "2", norm.Create(width));
        _conv3 = RegisterChild("conv3", new Conv2d(width, planes * Expansion, new() { Kernel = 1, Bias = false }));
        _norm3 = RegisterChild(norm.Key + "3", norm.Create(planes * Expansion));
        Shortcut = hasShortcut
            ? RegisterChild("downsample", new Downsample(shape, planes * Expansion, options))
            : null;
    }

    /// <inheritdoc/>
    internal override Layer LastNorm => _norm3;

    /// <inheritdoc/>
    internal override Downsample? Shortcut { get; }

    /// <inheritdoc/>
    protected override Tensor Residual(Tensor input)
    {
        using var narrow = ConvNorm.ForwardRelu(_conv1, _norm1, input); // (B, width, ., .)
        using var inner = ConvNorm.ForwardRelu(_conv2, _norm2, narrow); // (B, width, H', W')
        narrow.Dispose();
        return ConvNorm.Forward(_conv3, _norm3, inner); // (B, 4 planes, H', W')
    }
}
