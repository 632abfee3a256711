using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Samples the positives and negatives that count in the loss.</summary>
public interface ISampler
{
    /// <summary>Whether rows are counted from the objects' own boxes on, which then come before the boxes given.</summary>
    bool AddsObjects => false;

    /// <summary>Samples positives and negatives of one image.</summary>
    /// <param name="assigned">The assigner's result for the boxes.</param>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals of one image.</param>
    /// <param name="groundTruth">The objects that were assigned.</param>
    /// <returns>The sampled boxes; it belongs to the caller.</returns>
    SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth);
}
