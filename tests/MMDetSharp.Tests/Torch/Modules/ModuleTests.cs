using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void StateDict_OfNestedLayers_HasPyTorchsKeysInPyTorchsOrder()
    {
        using var net = new Sequential(
            new Conv2d(3, 4, new Conv2dOptions { Kernel = 3 }),
            new BatchNorm2d(4),
            new Sequential(new Relu(), new Conv2d(4, 2, new Conv2dOptions { Kernel = 1, Bias = false })));

        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
             "2.1.weight"],
            net.StateDict().Select(entry => entry.Name));
        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "2.1.weight"],
            net.NamedParameters().Select(entry => entry.Name));
    }

    [Fact]
    public void InitWeights_SameSeed_SameParameters()
    {
        using var first = new Conv2d(3, 8, new Conv2dOptions { Kernel = 3 });
        using var second = new Conv2d(3, 8, new Conv2dOptions { Kernel = 3 });
        using (var generator = new Generator(3))
        {
            first.InitWeights(generator);
        }

        using (var generator = new Generator(3))
        {
            second.InitWeights(generator);
        }

        Assert.Equal(first.Weight.ToArray(), second.Weight.ToArray());
        Assert.All(first.Weight.ToArray(), value => Assert.InRange(value, -1 / MathF.Sqrt(27), 1 / MathF.Sqrt(27)));
        Assert.NotEqual(0, first.Weight.ToArray()[5]);
    }

    [Fact]
    public void BatchNorm_InTraining_UpdatesStatisticsAndCounts()
    {
        using var scope = TensorScope.Begin();
        using var norm = new BatchNorm2d(1);
        var input = Tensor.From([1f, 3], 1, 1, 1, 2);       // mean 2, unbiased variance 2

        var output = norm.Call(input);

        Assert.Equal([-1f, 1], output.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-4f);
        Assert.Equal(0.2f, norm.RunningMean.ToArray()[0], 1e-6f);            // 0.9 x 0 + 0.1 x 2
        Assert.Equal(1.1f, norm.RunningVariance.ToArray()[0], 1e-6f);        // 0.9 x 1 + 0.1 x 2
        Assert.Equal(1, norm.StateDict()[4].Tensor.ItemInt64());
    }

    [Fact]
    public void Relu_InPlaceInTraining_OverwritesOnlyThen()
    {
        using var scope = TensorScope.Begin();
        using var relu = new Relu(inPlace: true);
        var input = Tensor.From([-1f, 2], 2);

        relu.Eval();
        Assert.Equal([0f, 2], relu.Call(input).ToArray());
        Assert.Equal([-1f, 2], input.ToArray());
        relu.Train();
        relu.Call(input);
        Assert.Equal([0f, 2], input.ToArray());
    }

    [Fact]
    public void GroupNorm_GroupsThatDoNotDivide_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => new GroupNorm(3, 8));

        Assert.StartsWith("GroupNorm: num_groups must divide the 8 channels, got 3.", error.Message);
    }

    [Fact]
    public void BiasFromPriorProbability_OfAHundredth_IsItsLogit() =>
        Assert.Equal(-4.59512, Initializers.BiasFromPriorProbability(0.01), 5);
}
