using FsCheck.Xunit;

using MMDetSharp.Data.Loading;

namespace MMDetSharp.Tests.Data.Loading;

public sealed class SamplerTests
{
    [Property]
    public bool GroupSampler_AnyGroups_BatchesArePureAndWhole(byte[] flags, byte batch, int seed, byte epoch)
    {
        var groups = flags.Select(flag => (byte)(flag % 2)).ToList();
        var size = 1 + (batch % 5);

        var order = new GroupSampler(groups, size, seed).Order(epoch);

        var whole = groups.CountBy(group => group).Sum(group => (group.Value + size - 1) / size * size);
        var pure = order.Chunk(size).All(indices => indices.Select(i => groups[i]).Distinct().Count() == 1);
        var complete = Enumerable.Range(0, groups.Count).All(order.Contains);
        return order.Count == whole && pure && complete;
    }

    [Fact]
    public void GroupSampler_SameEpoch_GivesTheSameOrder()
    {
        byte[] groups = [.. Enumerable.Range(0, 50).Select(i => (byte)(i % 2))];
        var sampler = new GroupSampler(groups, 4, seed: 1);

        Assert.Equal(sampler.Order(7), new GroupSampler(groups, 4, seed: 1).Order(7));
        Assert.NotEqual(sampler.Order(7), sampler.Order(8));
        Assert.NotEqual(sampler.Order(7), new GroupSampler(groups, 4, seed: 2).Order(7));
    }

    [Fact]
    public void SequentialSampler_Order_IsTheDataSets() =>
        Assert.Equal([0, 1, 2], new SequentialSampler(3).Order(5));
}
