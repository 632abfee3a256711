using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>Compares what a YOLO network predicts with the annotated objects: chooses targets and measures.</summary>
public interface IYoloCriterion
{
    /// <summary>Computes the losses; records for the backward pass.</summary>
    /// <param name="maps">
    /// (B, A * (5 + K), H, W) of each level, as the last convolution gives them: for each anchor x, y, w, h, objectness
    /// and the classes, before any sigmoid. Borrowed.
    /// </param>
    /// <param name="batch">The objects of each image, in pixels of the network's input; borrowed.</param>
    /// <returns>The terms by name; their tensors belong to the caller.</returns>
    LossTerms Compute(Tensor[] maps, Batch batch);
}
