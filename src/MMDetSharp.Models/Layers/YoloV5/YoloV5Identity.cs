using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>Gives its input back: keeps the places of its neighbours in the keys.</summary>
internal sealed class YoloV5Identity : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input;
}
