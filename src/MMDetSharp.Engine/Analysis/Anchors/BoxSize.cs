namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>Width and height of an object or an anchor, in pixels of the network's input.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct BoxSize(double Width, double Height)
{
    /// <summary>Width times height.</summary>
    public double Area => Width * Height;

    /// <summary>Intersection over union of two boxes with one corner in common.</summary>
    /// <param name="other">The other one.</param>
    public double IoU(BoxSize other)
    {
        var overlap = Math.Min(Width, other.Width) * Math.Min(Height, other.Height);
        return overlap / (Area + other.Area - overlap);
    }

    /// <summary>The smaller side over the larger one, of widths and of heights: the worse of both, at most 1.</summary>
    /// <param name="other">The other one.</param>
    public double Ratio(BoxSize other) => Math.Min(
        Math.Min(Width / other.Width, other.Width / Width), Math.Min(Height / other.Height, other.Height / Height));
}
