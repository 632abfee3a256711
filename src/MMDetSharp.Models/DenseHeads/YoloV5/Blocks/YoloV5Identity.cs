using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5.Blocks;

/// <summary>Gives its input back: keeps the places of its neighbours in the keys.</summary>
internal sealed class YoloV5Identity : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input;
}
