using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// What a network is trained by: assigns targets to every place, and compares the maps with them by the losses of
/// the paper.
/// </summary>
public interface ICriterion
{
    /// <summary>Computes the losses; records for the backward pass.</summary>
    /// <param name="maps">As the network gave them; borrowed.</param>
    /// <param name="batch">What happened to each image, and its objects in pixels of the network's input; borrowed.</param>
    /// <returns>The terms by name; their tensors belong to the caller.</returns>
    /// <exception cref="ArgumentException">The batch has no annotations, or the maps do not fit.</exception>
    LossTerms Compute(MapSet maps, Batch batch);
}
