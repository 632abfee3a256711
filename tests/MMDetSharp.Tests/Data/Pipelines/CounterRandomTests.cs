using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class CounterRandomTests
{
    [Fact]
    public void NextDouble_SameKey_GivesTheSame()
    {
        var (first, second) = (new CounterRandom(1, 2, 3), new CounterRandom(1, 2, 3));

        Assert.Equal(Draws(first), Draws(second));
    }

    [Theory]
    [InlineData(1, 2, 4)]
    [InlineData(1, 3, 3)]
    [InlineData(2, 2, 3)]
    [InlineData(3, 2, 1)]
    public void NextDouble_OtherKey_GivesOthers(long seed, long epoch, long index) =>
        Assert.NotEqual(Draws(new CounterRandom(1, 2, 3)), Draws(new CounterRandom(seed, epoch, index)));

    // 100,000 uniform numbers: mean 0.5, its standard deviation 1 / sqrt(12 * 100000) = 0.0009; 5 of them allowed.
    [Fact]
    public void NextDouble_ManyKeys_IsUniform()
    {
        var values = Enumerable.Range(0, 100_000).Select(i => new CounterRandom(0, 0, i).NextDouble()).ToList();

        Assert.InRange(values.Average(), 0.4955, 0.5045);
        Assert.All(values, value => Assert.InRange(value, 0, 0.99999999999999989));
        Assert.InRange(values.Count(value => value < 0.1), 9_500, 10_500);
    }

    [Fact]
    public void NextInt_Range_HitsAllAndNothingElse()
    {
        var random = new CounterRandom(5);

        var counts = Enumerable.Range(0, 30_000).Select(_ => random.NextInt(-1, 2)).CountBy(value => value).ToDictionary();

        Assert.Equal([-1, 0, 1], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Choice_Probabilities_AreKept()
    {
        var random = new CounterRandom(6);

        var counts = Enumerable.Range(0, 10_000).Select(_ => random.Choice(["a", "b", "c"], [0.7, 0.3, 0.0]))
            .CountBy(value => value).ToDictionary();

        Assert.InRange(counts["a"], 6_750, 7_250);
        Assert.Equal(10_000, counts["a"] + counts["b"]);
    }

    [Fact]
    public void Permutation_Any_HoldsEachOnce() =>
        Assert.Equal(Enumerable.Range(0, 50), new CounterRandom(7).Permutation(50).Order());

    private static double[] Draws(CounterRandom random) => [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())];
}
