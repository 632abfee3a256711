using System.Diagnostics;

using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>The functions without parameters that have no layer of their own.</summary>
internal sealed class Activation(ActivationType type, double alpha) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => type switch
    {
        ActivationType.Relu6 => Functional.HardTanh(input, 0, 6),
        ActivationType.Elu => Functional.Elu(input, alpha),
        ActivationType.Sigmoid => input.Sigmoid(),
        ActivationType.Tanh => input.Tanh(),
        ActivationType.Mish => Functional.Mish(input),
        ActivationType.Silu => Functional.Silu(input),
        ActivationType.HardSwish => Functional.HardSwish(input),
        _ => throw new UnreachableException($"Activation: {type} has a layer of its own."),
    };
}
