using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Chooses which ones count where a sampler has too many.</summary>
public interface ISampleChoice
{
    /// <summary>Chooses some of the candidates, each at most once.</summary>
    /// <param name="candidates">(N) int64, rising; borrowed.</param>
    /// <param name="count">How many, at most N.</param>
    /// <returns>(count) int64, in any order; it belongs to the caller.</returns>
    Tensor Choose(Tensor candidates, long count);
}
