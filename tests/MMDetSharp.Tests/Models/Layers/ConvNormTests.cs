using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Layers;

public sealed class ConvNormTests
{
    [Theory]
    [InlineData(16)]    // the map has more elements than the kernel: folded
    [InlineData(2)]     // fewer: one after the other
    public void Forward_FixedStatistics_ValuesAndGradientsOfConvolutionThenNorm(int size)
    {
        using var scope = TensorScope.Begin();
        var (conv, norm) = Layers();
        var input = Random(seed: 7, 2, 3, size, size);
        input.RequiresGrad = true;
        Tensor[] leaves = [input, conv.Weight, norm.Weight, norm.Bias];

        var expected = norm.Call(conv.Call(input));
        (expected * expected).Sum().Backward();
        var expectedGradients = leaves.Select(leaf => leaf.Grad!.Clone().ToArray()).ToArray();
        Array.ForEach(leaves, leaf => leaf.SetGrad(null));
        var actual = ConvNorm.Forward(conv, norm, input);
        (actual * actual).Sum().Backward();

        AssertClose(expected.ToArray(), actual.ToArray());
        Assert.All(leaves.Zip(expectedGradients), pair => AssertClose(pair.Second, pair.First.Grad!.ToArray()));
        conv.Dispose();
        norm.Dispose();
    }

    [Fact]
    public void ForwardRelu_WithoutGradients_LeavesTheNormsResultAlone()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var (conv, norm) = Layers();
        var input = Random(seed: 8, 1, 3, 5, 5);

        var result = ConvNorm.ForwardRelu(conv, norm, input);

        Assert.Equal(norm.Call(conv.Call(input)).Relu().ToArray(), result.ToArray());
        conv.Dispose();
        norm.Dispose();
    }

    [Fact]
    public void Forward_BatchStatistics_UpdatesThem()
    {
        using var scope = TensorScope.Begin();
        var (conv, norm) = Layers();
        norm.Train();
        var before = norm.RunningMean.ToArray();

        ConvNorm.Forward(conv, norm, Random(seed: 9, 2, 3, 8, 8));

        Assert.NotEqual(before, norm.RunningMean.ToArray());
        conv.Dispose();
        norm.Dispose();
    }

    private static (Conv2d Conv, BatchNorm2d Norm) Layers()
    {
        using var generator = new Generator(3);
        var conv = new Conv2d(3, 4, new() { Kernel = 3, Padding = 1, Bias = false });
        conv.InitWeights(generator);
        var norm = new BatchNorm2d(4);
        norm.Eval();
        Initializers.Uniform(norm.Weight, 0.5, 1.5, generator);
        Initializers.Uniform(norm.Bias, -1, 1, generator);
        Initializers.Uniform(norm.RunningMean, -1, 1, generator);
        Initializers.Uniform(norm.RunningVariance, 0.5, 2, generator);
        return (conv, norm);
    }

    private static Tensor Random(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        return tensor;
    }

    // The order of sums differs: about 1e-6 of the largest term.
    private static void AssertClose(float[] expected, float[] actual)
    {
        var slack = 2e-5f * expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - slack, pair.First + slack));
    }
}
