using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// A block's shortcut where size or channels change: 1x1 convolution and norm, keys 0 and 1; with an average over the
/// stride's window before (He et al., arXiv:1812.01187, figure 2c), keys 1 and 2.
/// </summary>
internal sealed class Downsample : Layer
{
    private readonly AvgPool2d? _average;
    private readonly Conv2d _conv;
    private readonly Layer _norm;

    internal Downsample(BlockShape shape, int outChannels, ResNetOptions options)
    {
        var averages = options.AverageDown && shape.Stride != 1;
        if (averages)
        {
            _average = RegisterChild(
                "0", new AvgPool2d(shape.Stride, shape.Stride, ceilMode: true, countPadding: false));
        }

        _conv = RegisterChild(averages ? "1" : "0", new Conv2d(shape.InChannels, outChannels, new()
        {
            Kernel = 1,
            Stride = averages ? 1 : shape.Stride,
            Bias = false,
        }));
        _norm = RegisterChild(averages ? "2" : "1", options.Norm.Create(outChannels));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        ConvNorm.Forward(_conv, _norm, _average is null ? input : _average.Call(input));
}
