using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// Turns boxes into what a YOLO network learns about the cell of their centre, and its predictions back into boxes.
/// </summary>
public interface IYoloBBoxCoder
{
    /// <summary>What the network should predict.</summary>
    /// <param name="anchors">(N, 4) xyxy in pixels.</param>
    /// <param name="targets">(N, 4) xyxy in pixels: the object of each anchor.</param>
    /// <param name="strides">(N), or of one element: pixels between the cells of each anchor's level.</param>
    /// <returns>
    /// (N, 4): the centre's place in its cell, x and y in (0, 1), and logarithms of width and height in anchors. It
    /// belongs to the caller.
    /// </returns>
    Tensor Encode(Tensor anchors, Tensor targets, Tensor strides);

    /// <summary>The boxes that predictions mean.</summary>
    /// <param name="anchors">(N, 4) xyxy in pixels.</param>
    /// <param name="predictions">(N, 4): x and y behind their sigmoid, width and height as the network gave
    /// them.</param>
    /// <param name="stride">Pixels between the cells of the anchors' level.</param>
    /// <returns>(N, 4) xyxy in pixels, not clipped; it belongs to the caller.</returns>
    Tensor Decode(Tensor anchors, Tensor predictions, int stride);
}
