using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>Mixes the feature maps of a backbone.</summary>
public abstract class Neck : Module
{
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
