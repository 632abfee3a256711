using System.Diagnostics;

using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>Gives one source as it is: a <c>[route]</c> to one layer, <c>[empty]</c>, a detection layer.</summary>
/// <param name="source">The layer whose result it gives.</param>
/// <param name="shape">That layer's.</param>
internal sealed class PassingLayer(int source, DarknetShape shape) : DarknetLayer([source], shape)
{
    /// <inheritdoc/>
    internal override bool Passes => true;

    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs) =>
        throw new UnreachableException("PassingLayer: the network reads its source instead.");
}
