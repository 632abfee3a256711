using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>
/// Changes anchors at random and keeps what fits better, generation by generation. As YOLOv5's kmean_anchors: each side
/// is multiplied, with a probability of 0.9, by 1 + 0.1 u n (u uniform, one for all; n normal), within 0.3 and 3.
/// </summary>
internal static class AnchorEvolution
{
    private const double Probability = 0.9;
    private const double Deviation = 0.1;
    private const double SmallestSide = 2;

    /// <summary>Evolves anchors; the fitness never falls.</summary>
    /// <param name="anchors">The first generation.</param>
    /// <param name="sizes">What they shall fit.</param>
    /// <param name="options">Generations, threshold, seed.</param>
    /// <returns>The smallest area first.</returns>
    internal static BoxSize[] Evolve(
        IReadOnlyList<BoxSize> anchors, IReadOnlyList<BoxSize> sizes, AnchorFitOptions options)
    {
        var best = anchors.ToArray();
        var fitness = Fitness(best, sizes, options.Threshold);
        for (var generation = 0; generation < options.Generations; generation++)
        {
            var child = Mutate(best, new CounterRandom(options.Seed, -1, generation));
            var value = Fitness(child, sizes, options.Threshold);
            (best, fitness) = value > fitness ? (child, value) : (best, fitness);
        }

        return [.. best.OrderBy(anchor => anchor.Area)];
    }

    private static BoxSize[] Mutate(BoxSize[] anchors, CounterRandom random)
    {
        var strength = random.NextDouble() * Deviation;
        double Factor() => random.NextDouble() < Probability ? Math.Clamp(1 + (strength * Normal(random)), 0.3, 3) : 1;
        return Array.ConvertAll(anchors, anchor => new BoxSize(
            Math.Max(anchor.Width * Factor(), SmallestSide), Math.Max(anchor.Height * Factor(), SmallestSide)));
    }

    private static double Fitness(BoxSize[] anchors, IReadOnlyList<BoxSize> sizes, double threshold)
    {
        double sum = 0;
        foreach (var size in sizes)
        {
            double best = 0;
            foreach (var anchor in anchors)
            {
                best = Math.Max(best, anchor.Ratio(size));
            }

            sum += best > 1 / threshold ? best : 0;
        }

        return sum / sizes.Count;
    }

    // Box and Muller.
    private static double Normal(CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
