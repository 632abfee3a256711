using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>
/// A box as the distances of its four sides from a point: Tian et al., "FCOS", arXiv:1904.01355, equation 1. The
/// reference's <c>bbox2distance</c> and <c>distance2bbox</c>.
/// </summary>
public static class DistancePointBBoxCoder
{
    /// <summary>The distances that mean a box.</summary>
    /// <param name="points">(N, 2) x and y.</param>
    /// <param name="boxes">(N, 4) xyxy.</param>
    /// <param name="maxDistance">Distances are clamped to 0 and a little less than this; null: not clamped.</param>
    /// <param name="epsilon">How much less.</param>
    /// <returns>(N, 4) left, top, right, bottom; it belongs to the caller.</returns>
    public static Tensor Encode(Tensor points, Tensor boxes, double? maxDistance = null, double epsilon = 0.1)
    {
        points.RequireShape([ShapeGuard.Any, 2]);
        boxes.RequireShape([points.Size(0), 4], "Give one box per point.");
        using var scope = TensorScope.Begin();
        var distances = Tensor.Cat(
            -1,
            points - boxes.Narrow(-1, 0, 2), // l = x - x1, t = y - y1
            boxes.Narrow(-1, 2, 2) - points); // r = x2 - x, b = y2 - y
        return scope.Keep(maxDistance is { } max ? distances.Clamp(0, max - epsilon) : distances);
    }

    /// <summary>The boxes that distances mean.</summary>
    /// <param name="points">(N, 2) x and y.</param>
    /// <param name="distances">(N, 4) left, top, right, bottom.</param>
    /// <returns>(N, 4) xyxy, not clipped; it belongs to the caller.</returns>
    public static Tensor Decode(Tensor points, Tensor distances)
    {
        points.RequireShape([ShapeGuard.Any, 2]);
        distances.RequireShape([points.Size(0), 4], "Give four distances per point.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Tensor.Cat(
            -1, points - distances.Narrow(-1, 0, 2), points + distances.Narrow(-1, 2, 2)));
    }
}
