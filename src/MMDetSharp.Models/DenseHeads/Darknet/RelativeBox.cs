namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>A box as Darknet measures it: centre and size in parts of the network's input.</summary>
internal readonly record struct RelativeBox(double X, double Y, double Width, double Height)
{
    internal double Left => X - (Width / 2);

    internal double Right => X + (Width / 2);

    internal double Top => Y - (Height / 2);

    internal double Bottom => Y + (Height / 2);

    /// <summary>Intersection over union.</summary>
    internal double IoU(RelativeBox other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        var overlap = Math.Max(width, 0) * Math.Max(height, 0);
        return overlap == 0 ? 0 : overlap / ((Width * Height) + (other.Width * other.Height) - overlap);
    }

    /// <summary>The overlap when both boxes have one centre.</summary>
    internal double ShapeIoU(RelativeBox other) => (this with { X = 0, Y = 0 }).IoU(other with { X = 0, Y = 0 });
}
