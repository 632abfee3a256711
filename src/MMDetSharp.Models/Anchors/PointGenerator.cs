using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Anchors;

/// <summary>Puts a point on every place of each level: what anchor-free heads predict from.</summary>
/// <param name="strides">(L) pixels between two places.</param>
/// <param name="isCentered">Whether a point stands in the centre of its cell, rounded down; else top left.</param>
public sealed class PointGenerator(IReadOnlyList<int> strides, bool isCentered = false)
{
    /// <summary>(L) pixels between two places.</summary>
    public IReadOnlyList<int> Strides => strides;

    /// <summary>The points of all places.</summary>
    /// <param name="sizes">(L) height and width of each level's map, H and W.</param>
    /// <param name="device">Where the result goes.</param>
    /// <returns>Per level (H W, 2) x and y in pixels, row by row; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">There are more or fewer maps than strides.</exception>
    public Tensor[] GridPoints(IReadOnlyList<(long Height, long Width)> sizes, Device device)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count != strides.Count)
        {
            throw new ArgumentException(
                $"PointGenerator: there must be one map per stride, got {sizes.Count} maps for {strides.Count} strides. " +
                "Give the head as many strides as the neck has outputs.", nameof(sizes));
        }

        using var scope = TensorScope.Begin();
        return scope.Keep([.. sizes.Select((size, level) => Grid(size, strides[level], device))]);
    }

    private Tensor Grid((long Height, long Width) size, int stride, Device device)
    {
        var points = new float[size.Height * size.Width * 2];
        var (offset, next) = (isCentered ? stride / 2 : 0, 0);
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
            {
                points[next++] = (x * stride) + offset;
                points[next++] = (y * stride) + offset;
            }
        }

        return Tensor.From(points, points.Length / 2, 2).To(device);
    }
}
