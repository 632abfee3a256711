using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>1x1 and 3x3 convolution, with the input added where the channels agree. Keys: cv1, cv2.</summary>
internal sealed class YoloV5Bottleneck : Layer
{
    private readonly ConvModule _first;
    private readonly ConvModule _second;
    private readonly bool _adds;

    /// <param name="style">Norm and activation.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="options">How it is made.</param>
    internal YoloV5Bottleneck(YoloV5Style style, int inChannels, int outChannels, YoloV5CspOptions options)
    {
        var hidden = options.Hidden(outChannels);
        _first = RegisterChild("cv1", style.Conv(inChannels, hidden));
        var convolution = new ConvModuleOptions { Kernel = 3, Padding = 1, Groups = options.Groups };
        _second = RegisterChild("cv2", style.Conv(hidden, outChannels, convolution));
        _adds = options.Shortcut && inChannels == outChannels;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var result = _second.Call(_first.Call(input));
        return _adds ? input + result : result;
    }
}
