using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// Halves the map; one half of the channels goes through residuals, the other around them: Wang et al., "CSPNet",
/// arXiv:1911.11929, figure 2 (b), as YOLOv4's backbone has it. The reference's <c>Resblock_body</c>. Keys:
/// downsample_conv, split_conv0, split_conv1, blocks_conv.N, concat_conv.
/// </summary>
internal sealed class CspStage : Layer
{
    private readonly DarknetConv _down;
    private readonly DarknetConv _around;
    private readonly DarknetConv _into;
    private readonly Sequential _through;
    private readonly DarknetConv _join;

    private CspStage(int inChannels, int outChannels, int width, IEnumerable<Layer> residuals)
    {
        _down = RegisterChild("downsample_conv", DarknetConv.Mish(inChannels, outChannels, kernel: 3, stride: 2));
        _around = RegisterChild("split_conv0", DarknetConv.Mish(outChannels, width, kernel: 1));
        _into = RegisterChild("split_conv1", DarknetConv.Mish(outChannels, width, kernel: 1));
        _through = RegisterChild(
            "blocks_conv", new Sequential([.. residuals, DarknetConv.Mish(width, width, kernel: 1)]));
        _join = RegisterChild("concat_conv", DarknetConv.Mish(2 * width, outChannels, kernel: 1));
    }

    /// <summary>The first stage: both ways have all channels, and one residual squeezes them.</summary>
    internal static CspStage First(int inChannels, int outChannels) =>
        new(inChannels, outChannels, outChannels, [Residual(outChannels, outChannels / 2)]);

    /// <summary>A later stage: half of the channels goes through the residuals.</summary>
    internal static CspStage Next(int inChannels, int outChannels, int residuals) => new(
        inChannels, outChannels, outChannels / 2,
        Enumerable.Range(0, residuals).Select(_ => Residual(outChannels / 2, outChannels / 2)));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        using var down = _down.Call(input);
        using var around = _around.Call(down);
        using var into = _into.Call(down);
        using var through = _through.Call(into);
        using var both = Tensor.Cat(1, through, around);
        return _join.Call(both);
    }

    private static NamedSequential Residual(int channels, int hidden) => new(("block", new Sequential(
        DarknetConv.Mish(channels, hidden, kernel: 1), DarknetConv.Mish(hidden, channels, kernel: 3))))
    {
        HasShortcut = true,
    };
}
