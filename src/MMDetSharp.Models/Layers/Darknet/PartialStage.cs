using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// A stage of tiny YOLOv4: the second half of the channels goes through two convolutions, both results are joined and
/// stand beside the input: (B, C, H, W) to (B, 2 C, H, W). The reference's <c>ResConv2dBatchLeaky</c>. Keys: layers0,
/// layers1, layers2.
/// </summary>
internal sealed class PartialStage : Layer
{
    private readonly int _half;
    private readonly DarknetConv _first;
    private readonly DarknetConv _second;
    private readonly DarknetConv _join;

    /// <param name="channels">C.</param>
    internal PartialStage(int channels)
    {
        _half = channels / 2;
        _first = RegisterChild("layers0", DarknetConv.Leaky(_half, _half, kernel: 3));
        _second = RegisterChild("layers1", DarknetConv.Leaky(_half, _half, kernel: 3));
        _join = RegisterChild("layers2", DarknetConv.Leaky(channels, channels, kernel: 1));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        using var half = input.Narrow(1, _half, _half);
        using var first = _first.Call(half);
        using var second = _second.Call(first);
        using var both = Tensor.Cat(1, second, first);
        using var joined = _join.Call(both);
        return Tensor.Cat(1, input, joined);
    }
}
