using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Samples the boxes that count in the loss.</summary>
public interface ISampler
{
    /// <summary>Samples the boxes of one image.</summary>
    /// <param name="assigned">What each box shall find.</param>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals of one image.</param>
    /// <param name="groundTruth">Its objects.</param>
    /// <returns>The sampled boxes; it belongs to the caller.</returns>
    SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth);
}
