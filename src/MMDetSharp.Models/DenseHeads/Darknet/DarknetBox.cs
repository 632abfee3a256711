namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>A box as Darknet has it: centre and size, as parts of the network's input.</summary>
/// <param name="X">Of the centre, from the left.</param>
/// <param name="Y">Of the centre, from the top.</param>
/// <param name="Width">From edge to edge.</param>
/// <param name="Height">From edge to edge.</param>
internal readonly record struct DarknetBox(float X, float Y, float Width, float Height)
{
    private float Left => X - (Width / 2);

    private float Right => X + (Width / 2);

    private float Top => Y - (Height / 2);

    private float Bottom => Y + (Height / 2);

    /// <summary>Intersection over union (box.c, box_iou).</summary>
    internal float IoU(in DarknetBox other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(Left, other.Left);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var intersection = width * height;
        var union = (Width * Height) + (other.Width * other.Height) - intersection;
        return union == 0 ? 0 : intersection / union;
    }

    /// <summary>
    /// How far apart the centres are: (d^2 / c^2)^beta, c the diagonal of the smallest box around both (box.c,
    /// box_diounms; Zheng et al., arXiv:1911.08287, section 3.3, where beta is 1).
    /// </summary>
    internal float CentreDistance(in DarknetBox other, double beta)
    {
        var width = MathF.Max(Right, other.Right) - MathF.Min(Left, other.Left);
        var height = MathF.Max(Bottom, other.Bottom) - MathF.Min(Top, other.Top);
        var diagonal = (width * width) + (height * height);
        var (x, y) = (X - other.X, Y - other.Y);
        return diagonal == 0 ? 0 : (float)Math.Pow(((x * x) + (y * y)) / diagonal, beta);
    }
}
