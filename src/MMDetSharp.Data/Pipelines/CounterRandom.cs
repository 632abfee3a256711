namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// Random numbers that depend on a key alone, such as (seed, epoch, index): the n-th is a hash of key and n
/// (SplitMix64: Steele, Lea, Flood, OOPSLA 2014). No order of threads can change them.
/// </summary>
public sealed class CounterRandom : IRandomSource
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _count;

    /// <param name="key">What the numbers depend on.</param>
    public CounterRandom(params ReadOnlySpan<long> key)
    {
        foreach (var part in key)
        {
            _key = Mix(_key + Golden + Mix((ulong)part + Golden));
        }
    }

    /// <inheritdoc/>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public int NextInt(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        var range = (ulong)((long)high - low);
        var unbiased = ulong.MaxValue - (ulong.MaxValue % range);
        ulong value;
        do
        {
            value = Next();
        }
        while (value >= unbiased);
        return (int)(low + (long)(value % range));
    }

    /// <inheritdoc/>
    public T Choice<T>(IReadOnlyList<T> values, IReadOnlyList<double>? probabilities = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (probabilities is null)
        {
            return values[NextInt(0, values.Count)];
        }

        var left = NextDouble();
        for (var i = 0; i < values.Count; i++)
        {
            left -= probabilities[i];
            if (left < 0)
            {
                return values[i];
            }
        }

        return values[LastPossible(probabilities)];
    }

    /// <inheritdoc/>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        Shuffle(order);
        return order;
    }

    /// <summary>Puts values into random order (Fisher and Yates).</summary>
    internal void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(0, i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    // Rounding may leave a little of the sum over: it belongs to the last value that can occur.
    private static int LastPossible(IReadOnlyList<double> probabilities)
    {
        var last = probabilities.Count - 1;
        while (last > 0 && probabilities[last] <= 0)
        {
            last--;
        }

        return last;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private ulong Next() => Mix(_key + (++_count * Golden));
}
