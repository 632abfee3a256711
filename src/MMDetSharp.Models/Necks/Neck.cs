using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>Mixes the feature maps of a backbone.</summary>
public abstract class Neck : Module
{
    /// <summary>The number of maps that come out.</summary>
    public abstract int LevelCount { get; }

    /// <summary>The channels of each map that comes out, in their order; null where the neck does not tell.</summary>
    public virtual IReadOnlyList<int>? OutputChannels => null;

    /// <summary>Runs the neck and frees all that it made but the results.</summary>
    /// <param name="features">One (B, C, H, W) per level, finest first; borrowed.</param>
    /// <returns>One (B, C, H, W) per level, finest first; they belong to the caller.</returns>
    public Tensor[] Call(Tensor[] features)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Forward(features));
    }

    /// <summary>
    /// The computation, inside the scope that <see cref="Call"/> opened. It bakes no size into a traced graph.
    /// </summary>
    protected abstract Tensor[] Forward(Tensor[] features);
}
