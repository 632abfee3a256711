using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Anchors;

/// <summary>Puts anchors on every place of each level.</summary>
public interface IAnchorGenerator
{
    /// <summary>(x, y) pixels between two places, per level.</summary>
    IReadOnlyList<(int X, int Y)> Strides { get; }

    /// <summary>How many anchors stand at a place, A, per level.</summary>
    IReadOnlyList<int> AnchorsPerPlace { get; }

    /// <summary>The anchors of all places.</summary>
    /// <param name="sizes">Height and width of each level's map, H and W.</param>
    /// <param name="device">Where the result goes.</param>
    /// <returns>Per level (H W A, 4) xyxy in pixels: row by row, the anchors of a place together. They belong to the caller.</returns>
    Tensor[] GridAnchors(IReadOnlyList<(long Height, long Width)> sizes, Device device);

    /// <summary>Which anchors stand on the image and not on the batch's padding.</summary>
    /// <param name="sizes">Height and width of each level's map, H and W.</param>
    /// <param name="padShape">The image's size after its own padding.</param>
    /// <param name="device">Where the result goes.</param>
    /// <returns>Per level (H W A) truth values. They belong to the caller.</returns>
    Tensor[] ValidFlags(IReadOnlyList<(long Height, long Width)> sizes, ImageShape padShape, Device device);
}
