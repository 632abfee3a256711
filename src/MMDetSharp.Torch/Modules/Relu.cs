using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>max(x, 0).</summary>
/// <param name="inPlace">In training, whether to overwrite the input: only where nobody else needs it.</param>
public sealed class Relu(bool inPlace = false) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        // Out of place in evaluation: a traced graph without mutation can be fused.
        if (!inPlace || !Training)
        {
            return input.Relu();
        }

        Functional.ReluInPlace(input);
        return input;
    }
}
