using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// The stem of v3.0 to v5.0: the four pixels of each square of two by two become channels, (B, C, H, W) to
/// (B, 4 C, H / 2, W / 2), before a convolution. Since v6.0 it is a convolution of 6x6. Keys: conv.
/// </summary>
internal sealed class YoloV5Focus : Layer
{
    private readonly ConvModule _conv;

    /// <param name="conv">Over 4 C channels; owned from now on.</param>
    internal YoloV5Focus(ConvModule conv) => _conv = RegisterChild("conv", conv);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor[] corners = [Corner(input, 0, 0), Corner(input, 1, 0), Corner(input, 0, 1), Corner(input, 1, 1)];
        return _conv.Call(Tensor.Cat(1, corners)); // (B, 4 C, H / 2, W / 2)
    }

    private static Tensor Corner(Tensor input, int row, int column) =>
        input.Slice(2, row, null, 2).Slice(3, column, null, 2);
}
