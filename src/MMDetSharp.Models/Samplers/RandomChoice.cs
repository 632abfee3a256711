using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>
/// Every choice is equally probable. A module without parameters: it draws from what the detector's modules draw from, so
/// that a resumed training goes on with the same samples.
/// </summary>
public sealed class RandomChoice : Module, ISampleChoice
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model was given no source of random numbers.</exception>
    public Tensor Choose(Tensor candidates, long count)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        using var scope = TensorScope.Begin();
        var lots = Tensor.Empty([candidates.Size(0)], device: candidates.Device);
        lots.UniformInPlace(0, 1, Randomness);
        return scope.Keep(candidates[lots.TopK(count).Indices]);
    }
}
