using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>One box, xyxy; its arithmetic is that of <see cref="BBoxOverlaps2D"/>, bit for bit.</summary>
internal readonly record struct UprightBox(float X1, float Y1, float X2, float Y2)
{
    private const float Epsilon = 1e-6f;

    internal float Area { get; } = (X2 - X1) * (Y2 - Y1);

    internal float CentreX => (X1 + X2) / 2;

    internal float CentreY => (Y1 + Y2) / 2;

    /// <summary>Reads (N, 4) boxes; waits for the device.</summary>
    internal static UprightBox[] Read(Tensor boxes)
    {
        var values = boxes.ToArray();
        var result = new UprightBox[values.Length / 4];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = new(values[4 * i], values[(4 * i) + 1], values[(4 * i) + 2], values[(4 * i) + 3]);
        }

        return result;
    }

    internal float Intersection(UprightBox other) =>
        MathF.Max(MathF.Min(X2, other.X2) - MathF.Max(X1, other.X1), 0)
        * MathF.Max(MathF.Min(Y2, other.Y2) - MathF.Max(Y1, other.Y1), 0);

    internal float IoU(UprightBox other)
    {
        var overlap = Intersection(other);
        return overlap == 0 ? 0 : overlap / MathF.Max(Area + other.Area - overlap, Epsilon);
    }

    /// <summary>The intersection by this box's own area.</summary>
    internal float IoF(UprightBox other) => Intersection(other) / MathF.Max(Area, Epsilon);
}
