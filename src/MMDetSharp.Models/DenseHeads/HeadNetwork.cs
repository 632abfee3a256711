using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>The layers of a dense head: features to maps. Its keys begin with <c>bbox_head.</c> in a detector.</summary>
public abstract class HeadNetwork : Module
{
    /// <summary>Predicts the maps. Reads no size from a tensor, so that it can be recorded for any image.</summary>
    /// <param name="features">One (B, C, H, W) per level, in the order of the neck; borrowed.</param>
    /// <returns>Its outputs by name; they belong to the caller.</returns>
    public abstract MapSet Forward(Tensor[] features);
}
