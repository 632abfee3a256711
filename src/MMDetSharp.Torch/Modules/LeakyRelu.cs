using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>x where it is positive, slope times x elsewhere.</summary>
/// <param name="slope">Below 1.</param>
/// <param name="inPlace">In training, whether to overwrite the input: only where nobody else needs it.</param>
public sealed class LeakyRelu(double slope = 0.01, bool inPlace = false) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (!inPlace || !Training)
        {
            return Functional.LeakyRelu(input, slope);
        }

        Functional.LeakyReluInPlace(input, slope);
        return input;
    }
}
