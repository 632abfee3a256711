using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// A <c>[convolutional]</c> section with batch norm: convolution that keeps the size at stride 1, norm, activation. The
/// reference's <c>Conv2dBatchLeaky</c> and <c>Conv2dBatchMish</c>. Keys: layers.0, layers.1.
/// </summary>
internal sealed class DarknetConv : Layer
{
    private readonly Sequential _layers;

    private DarknetConv(int inChannels, int outChannels, Conv2dOptions geometry, ActivationOptions activation)
    {
        _layers = RegisterChild("layers", new Sequential(
            new Conv2d(inChannels, outChannels, geometry),
            new BatchNorm2d(outChannels),
            activation.Create(inPlace: true)));
    }

    /// <summary>With a leaky ReLU: YOLOv3 and the necks of YOLOv4.</summary>
    internal static DarknetConv Leaky(int inChannels, int outChannels, int kernel, int stride = 1) => new(
        inChannels, outChannels, Geometry(kernel, stride), new() { Type = ActivationType.LeakyRelu, Slope = 0.1 });

    /// <summary>With Mish: the backbone of YOLOv4.</summary>
    internal static DarknetConv Mish(int inChannels, int outChannels, int kernel, int stride = 1) => new(
        inChannels, outChannels, Geometry(kernel, stride), new() { Type = ActivationType.Mish });

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _layers.Call(input);

    private static Conv2dOptions Geometry(int kernel, int stride) => new()
    {
        Kernel = kernel,
        Stride = stride,
        Padding = kernel / 2,
        Bias = false,
    };
}
