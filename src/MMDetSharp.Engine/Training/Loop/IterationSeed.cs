namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The seed of what an iteration draws besides its data: dropout, random samples.</summary>
internal static class IterationSeed
{
    /// <summary>A well-mixed number (SplitMix64) that follows from the training's seed and the iteration's number.</summary>
    internal static ulong Of(long seed, long iteration)
    {
        var z = unchecked((ulong)seed + (((ulong)iteration + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
