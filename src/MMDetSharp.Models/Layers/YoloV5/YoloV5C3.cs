using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Cross-stage-partial block of three convolutions (since v4.0): one branch goes through bottlenecks, the other around
/// them. Wang et al., "CSPNet", arXiv:1911.11929. Keys: cv1, cv2, cv3, m.
/// </summary>
internal sealed class YoloV5C3 : Layer
{
    private readonly ConvModule _through;
    private readonly ConvModule _around;
    private readonly ConvModule _last;
    private readonly Layer _middle;

    private YoloV5C3(YoloV5Style style, (int In, int Hidden, int Out) channels, Layer middle)
    {
        _through = RegisterChild("cv1", style.Conv(channels.In, channels.Hidden));
        _around = RegisterChild("cv2", style.Conv(channels.In, channels.Hidden));
        _last = RegisterChild("cv3", style.Conv(2 * channels.Hidden, channels.Out));
        _middle = RegisterChild("m", middle);
    }

    /// <summary>C3: plain bottlenecks.</summary>
    internal static YoloV5C3 Plain(YoloV5Style style, int inChannels, int outChannels, YoloV5CspOptions options) => new(
        style, (inChannels, options.Hidden(outChannels), outChannels), Bottlenecks(style, outChannels, options));

    /// <summary>C3Ghost: ghost bottlenecks.</summary>
    internal static YoloV5C3 Ghost(YoloV5Style style, int inChannels, int outChannels, YoloV5CspOptions options)
    {
        var hidden = options.Hidden(outChannels);
        var middle = Enumerable.Range(0, options.Count)
            .Select(_ => new YoloV5GhostBottleneck(style, hidden, hidden, (Kernel: 3, Stride: 1)));
        return new(style, (inChannels, hidden, outChannels), new Sequential(middle));
    }

    /// <summary>The bottlenecks of a cross-stage-partial block.</summary>
    internal static Sequential Bottlenecks(YoloV5Style style, int outChannels, YoloV5CspOptions options)
    {
        var hidden = options.Hidden(outChannels);
        return new(Enumerable.Range(0, options.Count)
            .Select(_ => new YoloV5Bottleneck(style, hidden, hidden, options.Inner)));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        _last.Call(Tensor.Cat(1, _middle.Call(_through.Call(input)), _around.Call(input)));
}
