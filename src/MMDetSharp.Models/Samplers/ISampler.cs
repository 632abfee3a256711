using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Samplers;

/// <summary>Chooses the boxes that count in the loss.</summary>
public interface ISampler
{
    /// <summary>Chooses.</summary>
    /// <param name="assigned">What each box shall find.</param>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals of one image.</param>
    /// <param name="groundTruth">Its objects.</param>
    /// <returns>The chosen boxes; it belongs to the caller.</returns>
    SamplingResult Sample(AssignResult assigned, Tensor boxes, GroundTruth groundTruth);
}
