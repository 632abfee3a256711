using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.GuidedAnchoring;

public sealed class FeatureAdaptionTests
{
    private const int Centre = 4; // the fifth of nine taps

    [Fact]
    public void StateDict_HasTheReferencesKeys()
    {
        using var adaption = new FeatureAdaption(8, 4);

        Assert.Equal(
            ["conv_offset.weight (72, 2, 1, 1)", "conv_adaption.weight (8, 8, 3, 3)"],
            adaption.StateDict().Select(entry => $"{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})"));
    }

    [Fact]
    public void Call_SquaresAsTheyAre_IsTheUsualConvolution()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var adaption = Filled();
        var feature = Numbers(2, 4, 5, 6);

        var adapted = adaption.Call(feature, Tensor.Zeros([2, 2, 5, 6]));

        var kernel = adaption.StateDict()[1].Tensor;
        var expected = Functional.Conv2d(feature, kernel, null, [1, 1], [1, 1], [1, 1], 1).Relu();
        Assert.All(
            expected.ToArray().Zip(adapted.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Call_OffsetsOfTheShape_MoveTheTaps()
    {
        // Only the middle tap counts, and moves by dw to the right and by dh down: at (1, 1) of a map whose value is
        // 10 y + x, with dw = 1 and dh = 0.5, it reads 10 x 1.5 + 2 = 17.
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var adaption = new FeatureAdaption(1, 1);
        var (offsets, kernel) = (adaption.StateDict()[0].Tensor, adaption.StateDict()[1].Tensor);
        kernel.Reshape(9).Narrow(0, Centre, 1).FillInPlace(1);
        offsets.Reshape(18, 2)[2 * Centre].CopyFromInPlace(Tensor.From([0f, 1], 2)); // y by dh
        offsets.Reshape(18, 2)[(2 * Centre) + 1].CopyFromInPlace(Tensor.From([1f, 0], 2)); // x by dw
        var feature = Tensor.From([.. Enumerable.Range(0, 16).Select(i => (10f * (i / 4)) + (i % 4))], 1, 1, 4, 4);
        var shape = Tensor.Stack(1, Tensor.Full([1, 4, 4], 1), Tensor.Full([1, 4, 4], 0.5));

        var adapted = adaption.Call(feature, shape);

        Assert.Equal(17, adapted[0][0][1][1].Item(), 1e-4);
    }

    [Fact]
    public void Call_Backward_ReachesTheOffsetsButNotTheShape()
    {
        using var scope = TensorScope.Begin();
        using var adaption = Filled();
        var (feature, shape) = (Numbers(1, 4, 5, 6), Numbers(1, 2, 5, 6));
        shape.RequiresGrad = true;

        adaption.Call(feature, shape).Sum().Backward();

        Assert.Null(shape.Grad);
        Assert.All(adaption.NamedParameters(), entry => Assert.True(entry.Tensor.Grad!.Abs().Sum().Item() > 0, entry.Name));
    }

    private static FeatureAdaption Filled()
    {
        var adaption = new FeatureAdaption(4, 2);
        GoldenWeights.Fill(adaption, "");
        return adaption;
    }

    private static Tensor Numbers(params long[] shape) => Tensor.From(GoldenFill.Input("adaption", shape), shape);
}
