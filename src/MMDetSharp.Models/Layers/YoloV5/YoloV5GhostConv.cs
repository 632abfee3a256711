using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Half of the channels from a convolution, the other half from a cheap one of them. Han et al., "GhostNet",
/// arXiv:1911.11907, equation 3. Keys: cv1, cv2.
/// </summary>
internal sealed class YoloV5GhostConv : Layer
{
    private readonly ConvModule _first;
    private readonly ConvModule _cheap;

    /// <param name="style">Norm and activation.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="options">Of the first convolution.</param>
    internal YoloV5GhostConv(YoloV5Style style, int inChannels, int outChannels, ConvModuleOptions options)
    {
        var half = outChannels / 2;
        _first = RegisterChild("cv1", style.Conv(inChannels, half, options));
        _cheap = RegisterChild("cv2", style.Conv(half, half, new ConvModuleOptions
        {
            Kernel = 5,
            Padding = 2,
            Groups = half,
            Activation = options.Activation,
        }));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var map = _first.Call(input);
        return Tensor.Cat(1, map, _cheap.Call(map));
    }
}
