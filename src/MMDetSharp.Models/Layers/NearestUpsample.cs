using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>Repeats each place; a traced graph fits every size.</summary>
/// <param name="factor">How often, in height and in width.</param>
internal sealed class NearestUpsample(int factor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Functional.ScaleNearest(input, factor);
}
