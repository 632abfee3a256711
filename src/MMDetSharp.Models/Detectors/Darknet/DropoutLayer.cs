using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>Sets elements to 0 in training. Srivastava et al., JMLR 15 (2014).</summary>
/// <param name="source">The layer before.</param>
/// <param name="shape">That layer's.</param>
/// <param name="probability">Of an element to become 0.</param>
internal sealed class DropoutLayer(int source, DarknetShape shape, double probability) : DarknetLayer([source], shape)
{
    /// <inheritdoc/>
    internal override bool Passes => !Training;

    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs) => Functional.Dropout(inputs[0], probability, Randomness);
}
