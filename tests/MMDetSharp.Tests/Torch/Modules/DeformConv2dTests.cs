using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Modules;

public sealed class DeformConv2dTests
{
    [Fact]
    public void Call_OffsetsOfOnePixel_MovesTheInput()
    {
        using var scope = TensorScope.Begin();
        using var conv = new DeformConv2d(2, 1, kernel: 1, new() { OffsetGroups = 2 });
        Initializers.Constant(conv.Weight, 1);
        var input = Tensor.From([1f, 2, 3, 10, 20, 30], 1, 2, 1, 3);
        var offset = Tensor.From([0f, 0, 0, 1, 1, 1, 0, 0, 0, -1, -1, -1], 1, 4, 1, 3); // the second group looks to the left

        var result = conv.Call(input, offset);

        Assert.Equal([2f, 13, 20], result.ToArray()); // 2 + 0, 3 + 10, 0 + 20
        Assert.Equal(["weight"], conv.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void InitWeights_Called_FollowsHesUniformRule()
    {
        using var generator = new Generator(1);
        using var conv = new DeformConv2d(6, 40, kernel: 3, new());

        conv.InitWeights(generator);

        // sqrt(6 / (6 x 9)) = 1 / 3
        Assert.InRange(conv.Weight.ToArray().Max(Math.Abs), 0.32f, 1 / 3f);
    }

    [Theory]
    [InlineData(6, 4, 4, 1)]
    [InlineData(6, 4, 1, 4)]
    [InlineData(6, 0, 1, 1)]
    [InlineData(6, 4, 0, 1)]
    public void Construct_GroupsDoNotDivide_SaysWhatMustHold(int inputs, int outputs, int groups, int offsetGroups)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new DeformConv2d(inputs, outputs, 3, new() { Groups = groups, OffsetGroups = offsetGroups }));

        Assert.Contains("groups divide the channels, got 6 to", error.Message);
    }
}
