using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>Gives the numbers of a list in turn: what a test wants to be drawn.</summary>
internal sealed class ListedDraws(params double[] numbers) : IRandomSource
{
    private int _next;

    internal int Left => numbers.Length - _next;

    public double NextDouble() => numbers[_next++];

    public double Uniform(double low, double high) => numbers[_next++];

    public int NextInt(int low, int high)
    {
        var value = (int)numbers[_next++];
        Assert.InRange(value, low, high - 1);
        return value;
    }

    public T Choice<T>(IReadOnlyList<T> values, IReadOnlyList<double>? probabilities = null) => values[NextInt(0, values.Count)];

    public int[] Permutation(int count) => throw new NotSupportedException();
}
