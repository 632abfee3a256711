using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>The layers of a dense head: features to maps. Its keys begin with <c>bbox_head.</c> in a detector.</summary>
public abstract class HeadNetwork : Module
{
    /// <summary>Predicts the maps. Reads no size from a tensor, so that it can be traced for any picture.</summary>
    /// <param name="features">One (B, C, H, W) per level, finest first; borrowed.</param>
    /// <returns>First index: which output (scores, boxes ...); second index: the level. They belong to the caller.</returns>
    public abstract Tensor[][] Forward(Tensor[] features);
}
