namespace MMDetSharp.Data.Pipelines;

/// <summary>Where a transform's random numbers come from; tests give recorded ones.</summary>
public interface IRandomSource
{
    /// <summary>A uniform number in [0, 1).</summary>
    double NextDouble();

    /// <summary>A uniform number in [low, high).</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    double Uniform(double low, double high);

    /// <summary>A uniform integer in [low, high).</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound, above <paramref name="low"/>.</param>
    int NextInt(int low, int high);

    /// <summary>Draws one of several values.</summary>
    /// <param name="values">What to draw from.</param>
    /// <param name="probabilities">How likely each is; the sum is 1. All equally where null.</param>
    T Choice<T>(IReadOnlyList<T> values, IReadOnlyList<double>? probabilities = null);

    /// <summary>The integers 0 to count - 1 in random order.</summary>
    /// <param name="count">0 or more.</param>
    int[] Permutation(int count);
}
