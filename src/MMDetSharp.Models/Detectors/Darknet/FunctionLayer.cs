using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>A layer without numbers to learn.</summary>
/// <param name="sources">The layers whose results it reads.</param>
/// <param name="shape">What it gives.</param>
/// <param name="function">How it computes.</param>
internal sealed class FunctionLayer(
    IReadOnlyList<int> sources, DarknetShape shape, Func<Tensor[], Tensor> function) : DarknetLayer(sources, shape)
{
    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs) => function(inputs);
}
