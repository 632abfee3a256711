using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>
/// k-means of sizes: k-means++ chooses the first centres (Arthur and Vassilvitskii, SODA 2007), Lloyd's steps move them
/// to the mean of what is nearest, and the best of several starts is taken.
/// </summary>
internal static class AnchorClusters
{
    private const int Starts = 10;
    private const int MaxSteps = 300;

    /// <summary>Finds the centres, the smallest area first.</summary>
    /// <param name="sizes">As many as clusters at least, of as many different sizes.</param>
    /// <param name="options">How many, and what is near.</param>
    internal static BoxSize[] Find(IReadOnlyList<BoxSize> sizes, AnchorFitOptions options)
    {
        var distance = Distance(sizes, options.Distance);
        var (best, least) = (Array.Empty<BoxSize>(), double.PositiveInfinity);
        for (var start = 0; start < Starts; start++)
        {
            var centres = First(sizes, options.Clusters, distance, new CounterRandom(options.Seed, start));
            var error = Move(sizes, centres, distance);
            (best, least) = error < least ? (centres, error) : (best, least);
        }

        return [.. best.OrderBy(anchor => anchor.Area)];
    }

    private static Func<BoxSize, BoxSize, double> Distance(IReadOnlyList<BoxSize> sizes, AnchorDistance kind)
    {
        if (kind == AnchorDistance.IoU)
        {
            return (first, second) => 1 - first.IoU(second);
        }

        var (width, height) = (Variance(sizes, size => size.Width), Variance(sizes, size => size.Height));
        return (first, second) =>
            (Math.Pow(first.Width - second.Width, 2) / width) + (Math.Pow(first.Height - second.Height, 2) / height);
    }

    // 1 where all are equal: then nothing is far.
    private static double Variance(IReadOnlyList<BoxSize> sizes, Func<BoxSize, double> side)
    {
        var mean = sizes.Average(side);
        var variance = sizes.Average(size => Math.Pow(side(size) - mean, 2));
        return variance > 0 ? variance : 1;
    }

    // Each next centre is a size drawn with a weight of its distance to the nearest centre so far.
    private static BoxSize[] First(
        IReadOnlyList<BoxSize> sizes, int count, Func<BoxSize, BoxSize, double> distance, CounterRandom random)
    {
        var centres = new BoxSize[count];
        centres[0] = random.Choice(sizes);
        var nearest = sizes.Select(size => distance(size, centres[0])).ToArray();
        for (var k = 1; k < count; k++)
        {
            var sum = nearest.Sum();
            centres[k] = random.Choice(sizes, [.. nearest.Select(value => value / sum)]);
            for (var i = 0; i < nearest.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], distance(sizes[i], centres[k]));
            }
        }

        return centres;
    }

    // The mean distance at the end.
    private static double Move(IReadOnlyList<BoxSize> sizes, BoxSize[] centres, Func<BoxSize, BoxSize, double> distance)
    {
        var owners = new int[sizes.Count];
        for (var step = 0; step < MaxSteps; step++)
        {
            var hasChanged = step == 0;
            for (var i = 0; i < owners.Length; i++)
            {
                var owner = Nearest(sizes[i], centres, distance);
                hasChanged |= owner != owners[i];
                owners[i] = owner;
            }

            if (!hasChanged)
            {
                break;
            }

            foreach (var group in owners.Select((owner, i) => (owner, sizes[i])).GroupBy(pair => pair.owner, pair => pair.Item2))
            {
                centres[group.Key] = new(group.Average(size => size.Width), group.Average(size => size.Height));
            }
        }

        return sizes.Select((size, i) => distance(size, centres[owners[i]])).Average();
    }

    private static int Nearest(BoxSize size, BoxSize[] centres, Func<BoxSize, BoxSize, double> distance)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var k = 0; k < centres.Length; k++)
        {
            var value = distance(size, centres[k]);
            (best, least) = value < least ? (k, value) : (best, least);
        }

        return best;
    }
}
