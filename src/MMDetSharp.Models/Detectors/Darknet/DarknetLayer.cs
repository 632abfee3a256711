using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>A section of the cfg: what it reads, what it gives, how it computes.</summary>
/// <param name="sources">The layers whose results it reads; -1 for the image.</param>
/// <param name="shape">What it gives.</param>
internal abstract class DarknetLayer(IReadOnlyList<int> sources, DarknetShape shape) : Module
{
    /// <summary>The layers whose results it reads; -1 for the image.</summary>
    internal IReadOnlyList<int> Sources { get; } = sources;

    /// <summary>What it gives for an image of the cfg's own size.</summary>
    internal DarknetShape Shape { get; } = shape;

    /// <summary>Whether it gives its only source as it is: nothing is computed then.</summary>
    internal virtual bool Passes => false;

    /// <summary>Its numbers in the order of a <c>.weights</c> file.</summary>
    internal virtual IEnumerable<Tensor> Weights => [];

    /// <summary>Computes the result; what it makes besides is freed by the caller's scope.</summary>
    /// <param name="inputs">(B, C, H, W) of each source; borrowed.</param>
    internal abstract Tensor Compute(Tensor[] inputs);
}
