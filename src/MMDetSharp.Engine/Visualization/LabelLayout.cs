namespace MMDetSharp.Engine.Visualization;

/// <summary>Finds a place for each label: at its box, inside the image, and not on another label where possible.</summary>
internal sealed class LabelLayout(int imageWidth, int imageHeight)
{
    private readonly List<Place> _taken = [];

    /// <summary>The place for a label of a size.</summary>
    internal Place Find(PaintedBox box, int width, int height)
    {
        var left = Clamp((int)Math.Round(box.X1), imageWidth - width);
        var right = Clamp((int)Math.Round(box.X2) - width, imageWidth - width);
        var above = (int)Math.Round(box.Y1) - height;
        var below = (int)Math.Round(box.Y2);
        Place[] candidates =
        [
            new(left, above, width, height),
            new(left, above + height, width, height),
            new(left, below, width, height),
            new(left, below - height, width, height),
            new(right, above, width, height),
            new(right, below, width, height),
        ];
        var free = candidates.Where(Inside).Where(place => !_taken.Exists(place.Overlaps)).Take(1).ToList();
        var first = free.Count > 0 ? free[0] : candidates.FirstOrDefault(Inside, candidates[0]);
        var chosen = first with { Y = Clamp(first.Y, imageHeight - height) };
        _taken.Add(chosen);
        return chosen;
    }

    private static int Clamp(int value, int limit) => Math.Max(0, Math.Min(value, limit));

    private bool Inside(Place place) => place.Y >= 0 && place.Y + place.Height <= imageHeight;

    /// <summary>A rectangle of whole pixels.</summary>
    internal readonly record struct Place(int X, int Y, int Width, int Height)
    {
        internal bool Overlaps(Place other) =>
            X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;
    }
}
