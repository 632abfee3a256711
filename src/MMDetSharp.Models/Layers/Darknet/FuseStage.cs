using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// Two levels of YOLOv4's neck to one, the finer beside the coarser: Liu et al., "Path Aggregation Network",
/// arXiv:1803.01534, with the maps side by side; Bochkovskiy et al., "YOLOv4", arXiv:2004.10934, figure 6. The
/// reference's <c>FuseStage</c> and the convolutions behind it. Keys: TRANS.right_conv, TRANS.left_conv, BODY.m.N.
/// </summary>
internal sealed class FuseStage : Module
{
    private readonly Fusion _fusion;
    private readonly Layer _body;

    private FuseStage((string Name, Fusion Fusion) fusion, (string Name, Layer Layer) body)
    {
        _fusion = RegisterChild(fusion.Name, fusion.Fusion);
        _body = RegisterChild(body.Name, body.Layer);
    }

    /// <summary>Down the pyramid: the coarser level, of so many channels, is doubled in size.</summary>
    internal static FuseStage TopDown(string fusion, string body, int channels) => new(
        (fusion, new Fusion(DarknetConv.Leaky(channels, channels / 2, kernel: 1), DarknetBlocks.Transition(channels))),
        (body, DarknetBlocks.Squeezes("m", channels, (channels / 2, channels), 5)));

    /// <summary>Up the pyramid: the finer level, of so many channels, is halved in size.</summary>
    internal static FuseStage BottomUp(string fusion, string body, int channels) => new(
        (fusion, new Fusion(DarknetConv.Leaky(channels, 2 * channels, kernel: 3, stride: 2), right: null)),
        (body, DarknetBlocks.Squeezes("m", 4 * channels, (2 * channels, 4 * channels), 5)));

    /// <summary>Brings two maps to one size, joins their channels and refines them.</summary>
    /// <param name="left">The finer map; borrowed.</param>
    /// <param name="right">The coarser map; borrowed.</param>
    /// <returns>It belongs to the caller.</returns>
    internal Tensor Call(Tensor left, Tensor right)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(_body.Call(_fusion.Join(left, right)));
    }

    private sealed class Fusion : Module
    {
        private readonly Layer? _right;
        private readonly Layer _left;

        internal Fusion(Layer left, Layer? right)
        {
            _right = right is null ? null : RegisterChild("right_conv", right);
            _left = RegisterChild("left_conv", left);
        }

        internal Tensor Join(Tensor left, Tensor right) =>
            Tensor.Cat(1, _left.Call(left), _right is null ? right : _right.Call(right));
    }
}
