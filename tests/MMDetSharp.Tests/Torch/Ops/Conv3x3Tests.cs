using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Ops;

public sealed class Conv3x3Tests
{
    [Theory]
    [InlineData(64, 64, 40, 37, true)]
    [InlineData(33, 50, 30, 30, true)]      // channels that are no whole blocks
    [InlineData(32, 48, 17, 64, false)]
    [InlineData(16, 64, 40, 40, true)]      // few channels: libtorch's
    [InlineData(64, 64, 5, 5, true)]        // few places: libtorch's
    public void Conv3x3_AnySize_ValuesAndGradientsOfConv2d(
        int channels, int outputs, int height, int width, bool hasBias)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(1);
        var input = Random(generator, 2, channels, height, width);
        var weight = Random(generator, outputs, channels, 3, 3);
        var bias = hasBias ? Random(generator, outputs) : null;
        Tensor[] leaves = bias is null ? [input, weight] : [input, weight, bias];

        var expected = Functional.Conv2d(input, weight, bias, [1, 1], [1, 1], [1, 1]);
        (expected * expected).Sum().Backward();
        var gradients = leaves.Select(leaf => leaf.Grad!.Clone()).ToArray();
        Array.ForEach(leaves, leaf => leaf.SetGrad(null));
        var actual = Functional.Conv3x3(input, weight, bias);
        (actual * actual).Sum().Backward();

        AssertClose(expected, actual);
        Assert.All(gradients.Zip(leaves), pair => AssertClose(pair.First, pair.Second.Grad!));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Conv3x3_OneSideIsFixed_TheOtherHasItsGradient(bool inputLearns, bool weightLearns)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(2);
        var input = Random(generator, 1, 32, 32, 32);
        var weight = Random(generator, 32, 32, 3, 3);
        (input.RequiresGrad, weight.RequiresGrad) = (inputLearns, weightLearns);

        Functional.Conv3x3(input, weight, null).Sum().Backward();

        Assert.Equal(inputLearns, input.Grad is not null);
        Assert.Equal(weightLearns, weight.Grad is not null);
    }

    [Fact]
    public void Conv3x3_NothingLearns_RecordsNothing()
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(3);
        using var noGrad = GradMode.NoGrad();

        var result = Functional.Conv3x3(Random(generator, 1, 32, 32, 32), Random(generator, 32, 32, 3, 3), null);

        Assert.False(result.RequiresGrad);
    }

    [Fact]
    public void Conv3x3_Repeated_BitForBitTheSame()
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(4);
        var (input, weight) = (Random(generator, 2, 64, 40, 40), Random(generator, 64, 64, 3, 3));
        var runs = Enumerable.Range(0, 5).Select(_ =>
        {
            var result = Functional.Conv3x3(input, weight, null);
            (result * result).Sum().Backward();
            var (values, gradients) = (result.ToBytes(), input.Grad!.ToBytes().Concat(weight.Grad!.ToBytes()));
            input.SetGrad(null);
            weight.SetGrad(null);
            return values.Concat(gradients).ToArray();
        }).ToArray();

        Assert.All(runs, run => Assert.True(run.AsSpan().SequenceEqual(runs[0])));
    }

    [Fact]
    public void Conv3x3_ASmallByHand()
    {
        using var scope = TensorScope.Begin();

        var result = Functional.Conv3x3(Tensor.Ones([1, 1, 2, 3]), Tensor.Ones([1, 1, 3, 3]), Tensor.Ones([1]));

        Assert.Equal([5f, 7, 5, 5, 7, 5], result.ToArray());        // 4 or 6 neighbours, plus the bias
    }

    [Fact]
    public void Conv3x3_AnotherKernel_SaysWhatToTake()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => Functional.Conv3x3(Tensor.Ones([1, 4, 8, 8]), Tensor.Ones([4, 4, 1, 1]), null));

        Assert.Contains("weight must have shape (*, 4, 3, 3), got (4, 4, 1, 1). Take Conv2d", error.Message);
    }

    private static Tensor Random(Generator generator, params long[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        tensor.RequiresGrad = true;
        return tensor;
    }

    // Winograd's sums differ by about 4e-6 of the largest value (measured up to 512 channels).
    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual).Abs().Max().Item() / expected.Abs().Max().Item(), 0, 2e-5);
}
