using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Necks;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Necks;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class BalancedFeaturePyramidTests
{
    // Two levels: 1 2 3 4 and 10.
    [Theory]
    [InlineData(0, new[] { 6.5f, 8, 9.5f, 11 }, 17)] // means 5.5 6 6.5 7; their largest to the coarse level
    [InlineData(1, new[] { 8f, 9, 10, 11 }, 17)] // mean of 4 and 10: 7
    public void Call_WithoutRefinement_AddsTheMeanToEveryLevel(int level, float[] fine, float coarse)
    {
        using var scope = TensorScope.Begin();
        using var neck = new BalancedFeaturePyramid(new() { Channels = 1, LevelCount = 2, RefineLevel = level });

        var maps = neck.Call([Tensor.From([1f, 2, 3, 4], 1, 1, 2, 2), Tensor.From([10f], 1, 1, 1, 1)]);

        Assert.Equal(fine, maps[0].ToArray());
        Assert.Equal([coarse], maps[1].ToArray());
    }

    [Fact]
    public void Call_OneLevelMissing_SaysSo()
    {
        using var scope = TensorScope.Begin();
        using var neck = new BalancedFeaturePyramid(new() { Channels = 1, LevelCount = 2 });

        var error = Assert.Throws<ArgumentException>(() => neck.Call([Tensor.Zeros([1, 1, 1, 1])]));

        Assert.Contains("there must be 2 maps, got 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NonLocal_AllPlacesAlike_AddsTheMeanOverPlaces()
    {
        // theta = 0: every weight is 1 / 4; the others are the identity: x + 2.5.
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var layer = new NonLocal2d(1);
        foreach (var entry in layer.StateDict().Where(entry => entry.Name is "g.conv.weight" or "conv_out.conv.weight"))
        {
            entry.Tensor.CopyFromInPlace(Tensor.Ones([1, 1, 1, 1]));
        }

        var found = layer.Call(Tensor.From([1f, 2, 3, 4], 1, 1, 2, 2));

        Assert.Equal([3.5f, 4.5f, 5.5f, 6.5f], found.ToArray());
    }
}
