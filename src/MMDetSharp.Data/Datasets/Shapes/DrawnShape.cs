namespace MMDetSharp.Data.Datasets.Shapes;

/// <summary>One shape: its class, its box and its colour.</summary>
/// <param name="Kind">The class.</param>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Upper edge, pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Color">Blue, green, red, each 0..255.</param>
internal sealed record DrawnShape(ShapeKind Kind, int X, int Y, int Width, int Height, double[] Color)
{
    /// <summary>Whether a point lies inside.</summary>
    internal bool Covers(double x, double y)
    {
        var u = (x - X) / Width;        // (u, v) in the unit square of the box
        var v = (y - Y) / Height;
        if (u is < 0 or > 1 || v is < 0 or > 1)
        {
            return false;
        }

        return Kind switch
        {
            ShapeKind.Circle => (u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5) <= 0.25,
            ShapeKind.Triangle => Math.Abs(u - 0.5) <= 0.5 * v,     // the tip is up
            _ => true,
        };
    }

    /// <summary>The share of the smaller box that two boxes have in common.</summary>
    internal double Overlap(DrawnShape other)
    {
        var width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        var height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        var smaller = Math.Min(Width * Height, other.Width * other.Height);
        return width <= 0 || height <= 0 ? 0 : (double)(width * height) / smaller;
    }
}

/// <summary>The classes of the drawn set, in the order of its categories.</summary>
internal enum ShapeKind
{
    Circle,
    Square,
    Triangle,
}
