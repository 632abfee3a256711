using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>Decides which object each anchor or proposal shall find.</summary>
public interface IAssigner
{
    /// <summary>Assigns.</summary>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals of one image.</param>
    /// <param name="groundTruth">Its objects, and the boxes to ignore.</param>
    /// <returns>On the boxes' device; it belongs to the caller.</returns>
    AssignResult Assign(Tensor boxes, GroundTruth groundTruth);
}
