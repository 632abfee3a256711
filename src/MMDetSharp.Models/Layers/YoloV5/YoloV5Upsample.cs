using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>Nearest-neighbour upsampling by a factor.</summary>
/// <param name="factor">Of height and width.</param>
internal sealed class YoloV5Upsample(double factor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Functional.ScaleNearest(input, factor);
}
