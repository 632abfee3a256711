namespace MMDetSharp.Models.Assigners;

/// <summary>The best object of each prior, and the best priors of each object.</summary>
/// <remarks>A prior overlaps an object as much as the best of the shapes that it may take.</remarks>
internal sealed class BestMatches
{
    /// <param name="count">Of priors, N.</param>
    /// <param name="shapes">(N A): the shapes of the priors, those of each together.</param>
    /// <param name="objects">(G).</param>
    /// <param name="ignored">(N): whether a prior overlaps nothing, whatever it looks like; empty when none does.</param>
    internal BestMatches(int count, UprightBox[] shapes, UprightBox[] objects, bool[] ignored)
    {
        Overlaps = new float[count];
        Objects = new int[count];
        ObjectOverlaps = [.. Enumerable.Repeat(float.NegativeInfinity, objects.Length)];
        ObjectBoxes = [.. objects.Select(_ => new List<int>())];
        var each = count == 0 ? 0 : shapes.Length / count; // A
        for (var i = 0; i < count && objects.Length > 0; i++)
        {
            Overlaps[i] = float.NegativeInfinity;
            var own = shapes.AsSpan(i * each, each);
            var skip = ignored.Length > 0 && ignored[i];
            for (var g = 0; g < objects.Length; g++)
            {
                Compare(i, g, skip ? -1 : Best(own, objects[g]));
            }
        }
    }

    /// <summary>(N): the largest overlap of each prior; -1 for ignored ones.</summary>
    internal float[] Overlaps { get; }

    /// <summary>(N): the first object with this overlap.</summary>
    internal int[] Objects { get; }

    /// <summary>(G): the largest overlap of each object.</summary>
    internal float[] ObjectOverlaps { get; }

    /// <summary>(G): all priors with this overlap, in order.</summary>
    internal List<int>[] ObjectBoxes { get; }

    private static float Best(ReadOnlySpan<UprightBox> shapes, UprightBox item)
    {
        var best = item.IoU(shapes[0]);
        foreach (var shape in shapes[1..])
        {
            best = MathF.Max(best, item.IoU(shape));
        }

        return best;
    }

    private void Compare(int prior, int g, float overlap)
    {
        if (overlap > Overlaps[prior])
        {
            Overlaps[prior] = overlap;
            Objects[prior] = g;
        }

        if (overlap > ObjectOverlaps[g])
        {
            ObjectOverlaps[g] = overlap;
            ObjectBoxes[g].Clear();
        }

        if (overlap == ObjectOverlaps[g])
        {
            ObjectBoxes[g].Add(prior);
        }
    }
}
