using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Execution;

/// <summary>Runs the parts of a detector: as they are written, or compiled.</summary>
public interface IExecutor
{
    /// <summary>Forward pass of one part.</summary>
    /// <param name="part">One of the detector's.</param>
    /// <param name="input">(B, C, H, W), borrowed.</param>
    /// <returns>Its maps; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">The part cannot take an input of this size.</exception>
    MapSet Run(NetworkPart part, Tensor input);
}
