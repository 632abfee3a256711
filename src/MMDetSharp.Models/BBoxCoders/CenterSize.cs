using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.BBoxCoders;

/// <summary>Boxes as cxcywh, one (N) tensor each.</summary>
internal readonly record struct CenterSize(Tensor X, Tensor Y, Tensor Width, Tensor Height)
{
    /// <summary>(..., 4) xyxy to cxcywh.</summary>
    internal static CenterSize Of(Tensor boxes)
    {
        var xyxy = boxes.Unbind(-1);
        return new(
            (xyxy[0] + xyxy[2]) * 0.5, (xyxy[1] + xyxy[3]) * 0.5, xyxy[2] - xyxy[0], xyxy[3] - xyxy[1]);
    }

    /// <summary>(N, 4) xyxy to their (N, 2) centres; it belongs to the caller.</summary>
    internal static Tensor Points(Tensor boxes)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep((boxes.Narrow(-1, 0, 2) + boxes.Narrow(-1, 2, 2)) * 0.5);
    }

    /// <summary>cxcywh to (..., 4) xyxy.</summary>
    internal Tensor ToXyxy()
    {
        var (halfWidth, halfHeight) = (Width * 0.5, Height * 0.5);
        return Tensor.Stack(-1, X - halfWidth, Y - halfHeight, X + halfWidth, Y + halfHeight);
    }
}
