using System.Globalization;

using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// Three 3x3 layers in place of the 7x7 one: ResNet-C of He et al., arXiv:1812.01187, figure 2b. Keys 0, 1, 3, 4, 6, 7
/// (2, 5 and 8 are the activations).
/// </summary>
internal sealed class DeepStem : Layer
{
    private readonly (Conv2d Conv, Layer Norm)[] _layers;

    internal DeepStem(int inChannels, int stemChannels, NormOptions norm)
    {
        var half = stemChannels / 2;
        _layers =
        [
            Add(0, new Conv2d(inChannels, half, Geometry(stride: 2)), norm.Create(half)),
            Add(3, new Conv2d(half, half, Geometry(stride: 1)), norm.Create(half)),
            Add(6, new Conv2d(half, stemChannels, Geometry(stride: 1)), norm.Create(stemChannels)),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var current = input;
        foreach (var (conv, norm) in _layers)
        {
            var next = ConvNorm.ForwardRelu(conv, norm, current);
            if (current != input)
            {
                current.Dispose();
            }

            current = next;
        }

        return current;
    }

    private static Conv2dOptions Geometry(int stride) =>
        new() { Kernel = 3, Stride = stride, Padding = 1, Bias = false };

    private (Conv2d Conv, Layer Norm) Add(int index, Conv2d conv, Layer norm) => (
        RegisterChild(index.ToString(CultureInfo.InvariantCulture), conv),
        RegisterChild((index + 1).ToString(CultureInfo.InvariantCulture), norm));
}
