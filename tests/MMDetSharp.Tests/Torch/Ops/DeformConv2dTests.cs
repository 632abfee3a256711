using MMDetSharp.Tests.Models;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Ops;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DeformConv2dTests
{
    private const string Goldens = "components/ops.safetensors";

    public static TheoryData<string> Recorded =>
        ComponentGolden.Names(Goldens, "DeformConv2d", "ModulatedDeformConv2d");

    [GoldenTheory(Goldens)]
    [Trait("Category", "Golden")]
    [MemberData(nameof(Recorded))]
    public void DeformConv2d_RecordedCase_ValuesAndGradients(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Goldens, name);
        var (x, offset, weight) = (golden.FloatInput("x"), golden.FloatInput("offset"), golden.FloatInput("weight"));
        var (mask, bias) = (golden.OptionalInput("mask"), golden.OptionalInput("bias"));
        var leaves = new Dictionary<string, Tensor?>
        {
            ["gx"] = x,
            ["goffset"] = offset,
            ["gweight"] = weight,
            ["gmask"] = mask,
            ["gbias"] = bias,
        };
        Array.ForEach([.. leaves.Values.OfType<Tensor>()], leaf => leaf.RequiresGrad = true);

        var y = Functional.DeformConv2d(x, (weight, bias), offset, mask, new DeformConvGeometry
        {
            Stride = (long)golden.Options.Number("stride", 1),
            Padding = (long)golden.Options.Number("padding", 1),
            Dilation = (long)golden.Options.Number("dilation", 1),
            Groups = (long)golden.Options.Number("groups"),
            OffsetGroups = (long)golden.Options.Number("deform_groups"),
        });
        (y * golden.FloatInput("gout")).Sum().Backward();

        // Sums of 36 products of numbers around 1 in another order: below 1e-6 seen.
        golden.AssertOutput("y", y, 1e-5);
        Assert.All(leaves.Where(leaf => leaf.Value is not null), leaf =>
            golden.AssertOutput(leaf.Key, leaf.Value!.Grad!, 2e-5));
    }

    [Fact]
    public void DeformConv2d_ASmallByHand()
    {
        using var scope = TensorScope.Begin();
        var input = Tensor.From([1f, 2, 3, 4], 1, 1, 2, 2);
        // One tap each: the middle of all four; half a pixel above the second; the third itself; a pixel below the fourth.
        var offset = Tensor.From([0.5f, -0.5f, 0, 1, 0.5f, 0, 0, 0], 1, 2, 2, 2);
        var mask = Tensor.From([1f, 1, 0.5f, 1], 1, 1, 2, 2);

        var result = Functional.DeformConv2d(input, (Tensor.From([2f], 1, 1, 1, 1), null), offset, mask, new());

        // 2 (1 + 2 + 3 + 4) / 4; 2 x 2 / 2, for the row above is 0; 2 x 3 / 2; outside
        Assert.Equal([5f, 2, 3, 0], result.ToArray());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 2, 2)]
    public void DeformConv2d_OffsetsAre0_IsTheConvolution(int groups, int offsetGroups, int stride)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(1);
        var (input, weight) = (Random(generator, 2, 36, 13, 11), Random(generator, 6, 36 / groups, 3, 3));
        var bias = Random(generator, 6);
        var expected = Functional.Conv2d(input, weight, bias, [stride, stride], [1, 1], [1, 1], groups);
        var offset = Tensor.Zeros([2, 18 * offsetGroups, expected.Size(2), expected.Size(3)]);

        var actual = Functional.DeformConv2d(
            input, (weight, bias), offset, null, new() { Stride = stride, Padding = 1, Groups = groups, OffsetGroups = offsetGroups });

        AssertClose(expected, actual);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(40)]     // most taps lie outside
    public void DeformConv2d_Float32_EqualsTheOperatorsOfOtherTypesAndDevices(double reach)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(2);
        Tensor[] leaves =
        [
            Random(generator, 2, 48, 21, 17), Random(generator, 10, 24, 3, 3), Random(generator, 10),
            (Random(generator, 2, 36, 11, 9).Detach() * reach).Detach(), Random(generator, 2, 18, 11, 9),
        ];
        leaves[3].RequiresGrad = true;
        Tensor[] doubles = [.. leaves.Select(leaf => leaf.Detach().To(ScalarType.Float64))];
        Array.ForEach(doubles, leaf => leaf.RequiresGrad = true);

        Tensor[] results = [.. new[] { leaves, doubles }.Select(of => Functional.DeformConv2d(
            of[0], (of[1], of[2]), of[3], of[4], new() { Stride = 2, Padding = 1, Groups = 2, OffsetGroups = 2 }))];
        Array.ForEach(results, result => (result * result).Sum().Backward());

        AssertClose(results[1], results[0]);
        Assert.All(leaves.Zip(doubles), pair => AssertClose(pair.Second.Grad!, pair.First.Grad!));
    }

    [Fact]
    public void DeformConv2d_Gradients_AreThoseOfFiniteDifferences()
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(3);
        Tensor[] leaves = [.. ((long[][])[[1, 4, 5, 4], [3, 4, 3, 3], [3], [1, 36, 5, 4], [1, 18, 5, 4]])
            .Select(shape => Random(generator, shape))];
        using (GradMode.NoGrad())
        {
            leaves[3].UniformInPlace(0.2, 0.8, generator); // at whole offsets the loss has edges
        }

        Tensor Loss()
        {
            var y = Functional.DeformConv2d(
                leaves[0], (leaves[1], leaves[2]), leaves[3], leaves[4], new() { Padding = 1, OffsetGroups = 2 });
            return (y * y).Sum();
        }

        Loss().Backward();

        using var noGrad = GradMode.NoGrad();
        const double Step = 1e-3;
        foreach (var leaf in leaves)
        {
            // Along one direction.
            var direction = Random(generator, [.. leaf.Shape]).Detach();
            var expected = (leaf.Grad! * direction).Sum().Item();
            leaf.AddInPlace(direction * Step);
            var above = Loss().Item();
            leaf.AddInPlace(direction * (-2 * Step));
            var below = Loss().Item();
            leaf.AddInPlace(direction * Step);

            var found = (above - below) / (2 * Step);
            Assert.InRange(found, expected - (0.02 * Math.Abs(expected)) - 0.5, expected + (0.02 * Math.Abs(expected)) + 0.5);
        }
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void DeformConv2d_OneSideLearns_OnlyItHasAGradient(bool inputLearns, bool weightLearns, bool offsetLearns)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(4);
        var (input, weight) = (Random(generator, 1, 8, 6, 6), Random(generator, 4, 8, 3, 3));
        var offset = Random(generator, 1, 18, 6, 6);
        (input.RequiresGrad, weight.RequiresGrad, offset.RequiresGrad) = (inputLearns, weightLearns, offsetLearns);

        Functional.DeformConv2d(input, (weight, null), offset, null, new() { Padding = 1 }).Sum().Backward();

        Assert.Equal(inputLearns, input.Grad is not null);
        Assert.Equal(weightLearns, weight.Grad is not null);
        Assert.Equal(offsetLearns, offset.Grad is not null);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    [InlineData(float.PositiveInfinity)]
    public void DeformConv2d_OffsetsFarOutside_AllIs0(float far)
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(5);
        var (input, weight) = (Random(generator, 1, 20, 6, 7), Random(generator, 4, 20, 3, 3));
        var offset = Tensor.Full([1, 18, 6, 7], far);
        offset.RequiresGrad = true;

        var result = Functional.DeformConv2d(input, (weight, null), offset, null, new() { Padding = 1 });
        result.Sum().Backward();

        Tensor[] all = [result, input.Grad!, weight.Grad!, offset.Grad!];
        Assert.All(all, tensor => Assert.All(tensor.ToArray(), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void DeformConv2d_AnOffsetIsNoNumber_Shows()
    {
        using var scope = TensorScope.Begin();

        var result = Functional.DeformConv2d(
            Tensor.Ones([1, 3, 2, 2]), (Tensor.Ones([1, 3, 1, 1]), null), Tensor.From([float.NaN, 0, 0, 0, 0, 0, 0, 0], 1, 2, 2, 2),
            null, new());

        Assert.Equal([float.NaN, 3, 3, 3], result.ToArray());
    }

    [Fact]
    public void DeformConv2d_NoImage_IsEmpty()
    {
        using var scope = TensorScope.Begin();

        var result = Functional.DeformConv2d(
            Tensor.Zeros([0, 4, 5, 6]), (Tensor.Zeros([3, 4, 3, 3]), null), Tensor.Zeros([0, 18, 5, 6]), null, new() { Padding = 1 });

        Assert.Equal([0, 3, 5, 6], result.Shape);
    }

    [Fact]
    public void DeformConv2d_OffsetOfAnotherShape_SaysWhatItMustBe()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<TorchException>(() => Functional.DeformConv2d(
            Tensor.Zeros([1, 4, 5, 6]), (Tensor.Zeros([3, 4, 3, 3]), null), Tensor.Zeros([1, 18, 5, 6]), null, new()));

        Assert.Contains("offset must have shape [1, 18, 3, 4], got [1, 18, 5, 6]", error.Message);
    }

    [Fact]
    public void DeformConv2d_ForwardAndBackward_LeavesNoTensorBehind()
    {
        using var generator = new Generator(6);
        using var input = Random(generator, 1, 16, 9, 9);
        using var weight = Random(generator, 8, 16, 3, 3);
        using var offset = Random(generator, 1, 18, 9, 9);
        var before = Tensor.LiveCount;

        for (var i = 0; i < 10; i++)
        {
            using var scope = TensorScope.Begin();
            Functional.DeformConv2d(input, (weight, null), offset, null, new() { Padding = 1 }).Sum().Backward();
            Array.ForEach([input, weight, offset], leaf => leaf.SetGrad(null));
        }

        CountsTensors.AssertAtMost(before);
    }

    [TorchvisionFact]
    public void DeformConv2d_LargeMap_EqualsTorchvisions()
    {
        using var scope = TensorScope.Begin();
        using var generator = new Generator(7);
        // Rows that do not fit in one band of columns.
        var (input, weight) = (Random(generator, 1, 64, 90, 211), Random(generator, 5, 64, 3, 3));
        var (offset, mask) = (Random(generator, 1, 18, 90, 211), Random(generator, 1, 9, 90, 211));
        var geometry = new DeformConvGeometry { Padding = 1 };

        AssertClose(
            VisionOperators.DeformConv2d(input, weight, offset, mask, null, geometry),
            Functional.DeformConv2d(input, (weight, null), offset, mask, geometry));
    }

    private static Tensor Random(Generator generator, params long[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        tensor.RequiresGrad = true;
        return tensor;
    }

    // Float32 sums of some hundred products: 2e-6 of the largest value seen.
    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange((expected - actual.To(expected.Type)).Abs().Max().Item() / expected.Abs().Max().Item(), 0, 2e-5);
}
