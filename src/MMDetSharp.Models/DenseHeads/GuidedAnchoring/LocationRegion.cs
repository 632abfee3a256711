using MMDetSharp.Models.Assigners;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>The part R(x, y, ratio w, ratio h) of a box: Wang et al., arXiv:1901.03278, section 3.5.</summary>
internal readonly struct LocationRegion
{
    private readonly float _near; // of a side's length, from its end to the region
    private readonly float _far;

    /// <param name="ratio">Of width and height, around the centre.</param>
    internal LocationRegion(double ratio)
    {
        var margin = (1 - ratio) / 2;
        (_near, _far) = ((float)margin, (float)(1 - margin));
    }

    /// <summary>The places of a level in the region of a box.</summary>
    /// <param name="box">In pixels.</param>
    /// <param name="stride">Pixels between two places.</param>
    /// <param name="size">Height and width of the level's map.</param>
    internal LocationRange Of(UprightBox box, int stride, (long Height, long Width) size)
    {
        var (left, right) = Side(box.X1 / stride, box.X2 / stride, size.Width);
        var (top, bottom) = Side(box.Y1 / stride, box.Y2 / stride, size.Height);
        return new(left, top, right, bottom);
    }

    // As the reference: rounded to places, at least one, and then cut off; a box left of the map still marks its first column.
    private (int From, int To) Side(float from, float to, long length)
    {
        var first = (int)Math.Clamp(MathF.Round((_far * from) + (_near * to)), 0, length);
        var last = (int)Math.Clamp(MathF.Round((_near * from) + (_far * to)), 0, length);
        return (first, (int)Math.Max(first, Math.Min(last + 1, length)));
    }
}

/// <summary>Places of a map; the last row and column do not belong to them.</summary>
internal readonly record struct LocationRange(int Left, int Top, int Right, int Bottom);
