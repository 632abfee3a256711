using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Two ghost convolutions beside a shortcut; with stride 2 a depthwise convolution stands between them and in the
/// shortcut. Han et al., "GhostNet", arXiv:1911.11907, figure 3. Keys: conv, shortcut.
/// </summary>
internal sealed class YoloV5GhostBottleneck : Layer
{
    private static readonly ConvModuleOptions s_pointwise = new() { Kernel = 1 };
    private readonly Sequential _conv;
    private readonly Sequential? _shortcut;

    /// <param name="style">Norm and activation.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="geometry">Of the depthwise convolutions.</param>
    internal YoloV5GhostBottleneck(
        YoloV5Style style, int inChannels, int outChannels, (int Kernel, int Stride) geometry)
    {
        var (half, linear) = (outChannels / 2, s_pointwise with { Activation = null });
        Layer middle = geometry.Stride == 2 ? DepthWise(style, half, geometry) : new YoloV5Identity();
        _conv = RegisterChild("conv", new Sequential(
            new YoloV5GhostConv(style, inChannels, half, s_pointwise),
            middle,
            new YoloV5GhostConv(style, half, outChannels, linear)));
        _shortcut = geometry.Stride != 2 ? null : RegisterChild("shortcut", new Sequential(
            DepthWise(style, inChannels, geometry), style.Conv(inChannels, outChannels, linear)));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        _conv.Call(input) + (_shortcut is null ? input : _shortcut.Call(input));

    private static ConvModule DepthWise(YoloV5Style style, int channels, (int Kernel, int Stride) geometry) =>
        style.Conv(channels, channels, new ConvModuleOptions
        {
            Kernel = geometry.Kernel,
            Stride = geometry.Stride,
            Padding = geometry.Kernel / 2,
            Groups = channels,
            Activation = null,
        });
}
