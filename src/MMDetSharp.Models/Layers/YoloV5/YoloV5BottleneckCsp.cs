using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Cross-stage-partial block of v3.0 and v3.1: the branches are joined before norm and activation. Wang et al.,
/// "CSPNet", arXiv:1911.11929. Keys: cv1, cv2, cv3, cv4, bn, m.
/// </summary>
internal sealed class YoloV5BottleneckCsp : Layer
{
    private static readonly Conv2dOptions s_plain = new() { Kernel = 1, Bias = false };
    private readonly ConvModule _first;
    private readonly Conv2d _around;
    private readonly Conv2d _through;
    private readonly ConvModule _last;
    private readonly Layer _norm;
    private readonly Layer _activation;
    private readonly Sequential _middle;

    /// <param name="style">Norm and activations.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="options">How it is made.</param>
    internal YoloV5BottleneckCsp(YoloV5Style style, int inChannels, int outChannels, YoloV5CspOptions options)
    {
        var hidden = options.Hidden(outChannels);
        _first = RegisterChild("cv1", style.Conv(inChannels, hidden));
        _around = RegisterChild("cv2", new Conv2d(inChannels, hidden, s_plain));
        _through = RegisterChild("cv3", new Conv2d(hidden, hidden, s_plain));
        _last = RegisterChild("cv4", style.Conv(2 * hidden, outChannels));
        _norm = RegisterChild("bn", style.Norm.Create(2 * hidden));
        _activation = RegisterChild("act", style.CspActivation.Create(inPlace: false));
        _middle = RegisterChild("m", YoloV5C3.Bottlenecks(style, outChannels, options));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var through = _through.Call(_middle.Call(_first.Call(input)));
        var joined = Tensor.Cat(1, through, _around.Call(input));
        return _last.Call(_activation.Call(_norm.Call(joined)));
    }
}
