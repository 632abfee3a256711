using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>Overlaps of upright boxes; gradients pass through.</summary>
/// <param name="epsilon">Unions and enclosing boxes count at least this area.</param>
public sealed class BBoxOverlaps2D(double epsilon = 1e-6)
{
    /// <summary>Every first box with every second box.</summary>
    /// <param name="first">(M, 4) xyxy.</param>
    /// <param name="second">(N, 4) xyxy.</param>
    /// <param name="mode">How the overlap is measured.</param>
    /// <returns>(M, N); it belongs to the caller.</returns>
    public Tensor Pairs(Tensor first, Tensor second, OverlapMode mode = OverlapMode.IoU)
    {
        first.RequireShape([ShapeGuard.Any, 4]);
        second.RequireShape([ShapeGuard.Any, 4]);
        using var scope = TensorScope.Begin();
        return scope.Keep(Compute(first.Unsqueeze(1), second.Unsqueeze(0), mode)); // (M, N)
    }

    /// <summary>Each first box with the second box of the same row.</summary>
    /// <param name="first">(N, 4) xyxy.</param>
    /// <param name="second">(N, 4) xyxy.</param>
    /// <param name="mode">How the overlap is measured.</param>
    /// <returns>(N); it belongs to the caller.</returns>
    public Tensor Aligned(Tensor first, Tensor second, OverlapMode mode = OverlapMode.IoU)
    {
        first.RequireShape([ShapeGuard.Any, 4]);
        second.RequireShape([first.Size(0), 4], "Aligned boxes come in pairs.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Compute(first, second, mode)); // (N)
    }

    /// <summary>Reads the <c>iou_calculator</c> of an assigner's node: this one is all that assigners can have.</summary>
    internal static void RequireFor(ConfigReader reader)
    {
        if (reader.NodeOrNull("iou_calculator") is { } node)
        {
            node.Choice("type", "BboxOverlaps2D");
            node.Done();
        }
    }

    // Of (..., 4) boxes that broadcast against each other.
    private Tensor Compute(Tensor first, Tensor second, OverlapMode mode)
    {
        var (a, b) = (first.Unbind(-1), second.Unbind(-1));
        var width = (a[2].Minimum(b[2]) - a[0].Maximum(b[0])).Clamp(min: 0);
        var height = (a[3].Minimum(b[3]) - a[1].Maximum(b[1])).Clamp(min: 0);
        var overlap = width * height;
        var union = mode == OverlapMode.IoF ? Area(a) : Area(a) + Area(b) - overlap;
        union = union.Clamp(min: epsilon);
        var overlaps = overlap / union;
        if (mode != OverlapMode.GIoU)
        {
            return overlaps;
        }

        var enclosingWidth = (a[2].Maximum(b[2]) - a[0].Minimum(b[0])).Clamp(min: 0);
        var enclosingHeight = (a[3].Maximum(b[3]) - a[1].Minimum(b[1])).Clamp(min: 0);
        var enclosing = (enclosingWidth * enclosingHeight).Clamp(min: epsilon);
        return overlaps - ((enclosing - union) / enclosing);
    }

    private static Tensor Area(Tensor[] box) => (box[2] - box[0]) * (box[3] - box[1]);
}
