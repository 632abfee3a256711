namespace MMDetSharp.Data.Pipelines;

/// <summary>Points to points: x' = A x + B y + C, y' = D x + E y + F.</summary>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    /// <summary>First another map, then this one.</summary>
    internal AffineMap After(AffineMap first) => new(
        (A * first.A) + (B * first.D), (A * first.B) + (B * first.E), (A * first.C) + (B * first.F) + C,
        (D * first.A) + (E * first.D), (D * first.B) + (E * first.E), (D * first.C) + (E * first.F) + F);

    /// <summary>This map, then a shift.</summary>
    internal AffineMap Shifted(double x, double y) => this with { C = C + x, F = F + y };

    /// <summary>The matrix (2, 3), row-major, as <c>warpAffine</c> takes it.</summary>
    internal double[] ToArray() => [A, B, C, D, E, F];

    /// <summary>The upright boxes around moved boxes.</summary>
    /// <param name="boxes">(N, 4) xyxy.</param>
    internal float[] Apply(float[] boxes)
    {
        var moved = new float[boxes.Length];
        for (var i = 0; i < boxes.Length; i += 4)
        {
            var (x1, y1, x2, y2) = (boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
            var (left, right) = Range(A, B, C, (x1, x2), (y1, y2));
            var (top, bottom) = Range(D, E, F, (x1, x2), (y1, y2));
            (moved[i], moved[i + 1], moved[i + 2], moved[i + 3]) = ((float)left, (float)top, (float)right, (float)bottom);
        }

        return moved;
    }

    // The least and the greatest of p x + q y + r over the corners.
    private static (double Low, double High) Range(
        double p, double q, double r, (double First, double Second) x, (double First, double Second) y) => (
        Math.Min(p * x.First, p * x.Second) + Math.Min(q * y.First, q * y.Second) + r,
        Math.Max(p * x.First, p * x.Second) + Math.Max(q * y.First, q * y.Second) + r);
}
