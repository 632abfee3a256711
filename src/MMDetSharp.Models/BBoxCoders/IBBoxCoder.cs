using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>Turns boxes into what a network learns, and its predictions back into boxes.</summary>
public interface IBBoxCoder
{
    /// <summary>What the network should predict.</summary>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals.</param>
    /// <param name="targets">(N, 4) xyxy: the object of each.</param>
    /// <returns>(N, 4); it belongs to the caller.</returns>
    Tensor Encode(Tensor boxes, Tensor targets);

    /// <summary>The boxes that a prediction means.</summary>
    /// <param name="boxes">(N, 4) xyxy: anchors or proposals.</param>
    /// <param name="predictions">(N, 4), or (N, 4 K) with one box per class.</param>
    /// <param name="maxShape">The image to which boxes are clipped; null: not clipped.</param>
    /// <returns>xyxy, of the predictions' shape; it belongs to the caller.</returns>
    Tensor Decode(Tensor boxes, Tensor predictions, ImageShape? maxShape = null);
}
