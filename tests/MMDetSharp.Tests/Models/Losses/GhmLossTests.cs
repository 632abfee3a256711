using MMDetSharp.Core.Configs;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class GhmLossTests
{
    // log 3 and 0: p = 0.75 and 0.5. Class 0, then background: gradients 0.25 | 0.5, 0.5, 0.5.
    private static readonly float[] s_logits = [MathF.Log(3), 0, 0, 0];

    [Fact]
    public void ClassLoss_TwoRegions_WeighsByTheirDensity()
    {
        // N = 4, two regions in use: weights 4 / 1 / 2 = 2 and 4 / 3 / 2 = 2 / 3.
        // (2 x -log 0.75 + 2 / 3 x 3 x -log 0.5) / 4
        using var scope = TensorScope.Begin();

        var value = Class(new GhmClassLoss(new() { Bins = 2 }));

        Assert.Equal(((2 * -Math.Log(0.75)) + (2 * -Math.Log(0.5))) / 4, value, 1e-6);
    }

    [Fact]
    public void ClassLoss_RowsOfWeight0_DoNotCount()
    {
        // The second row is left out: N = 2, weights 2 / 1 / 2 = 1.
        using var scope = TensorScope.Begin();

        var value = Class(new GhmClassLoss(new() { Bins = 2 }), Tensor.From([1f, 0], 2));

        Assert.Equal((-Math.Log(0.75) - Math.Log(0.5)) / 2, value, 1e-6);
    }

    [Fact]
    public void ClassLoss_NothingCounts_IsZeroWithGradients()
    {
        using var scope = TensorScope.Begin();
        var logits = Tensor.From(s_logits, 2, 2);
        logits.RequiresGrad = true;

        var loss = new GhmClassLoss(new() { Momentum = 0.75 })
            .Forward(logits, Tensor.From([0L, 2], 2), Tensor.Zeros([2]));
        loss.Backward();

        Assert.Equal(0, loss.Item());
        Assert.All(logits.Grad!.ToArray(), gradient => Assert.Equal(0, gradient));
    }

    [Fact]
    public void ClassLoss_WithMomentum_CountsMoveInTrainingOnly()
    {
        // Equation 11: 0.75 x 0 + 0.25 x (1, 3), then 0.75 x that + 0.25 x (1, 3).
        using var scope = TensorScope.Begin();
        var loss = new GhmClassLoss(new() { Bins = 2, Momentum = 0.75 });
        var counts = loss.State.StateDict().Single(entry => entry.Name == "acc_sum").Tensor;

        Class(loss);
        Assert.Equal([0.25f, 0.75f], counts.ToArray());
        var second = Class(loss);
        Assert.Equal([0.4375f, 1.3125f], counts.ToArray());
        loss.State.Eval();
        Class(loss);
        Assert.Equal([0.4375f, 1.3125f], counts.ToArray());

        // Weights 4 / 0.4375 / 2 and 4 / 1.3125 / 2.
        Assert.Equal(((2 / 0.4375 * -Math.Log(0.75)) + (3 * 2 / 1.3125 * -Math.Log(0.5))) / 4, second, 1e-5);
    }

    [Fact]
    public void BoxLoss_TwoRegions_IsTheEquation()
    {
        // mu = 3, d = 4 and 0: sqrt(25) - 3 = 2 and 0; gradients 4 / 5 and 0; weights 2 / 1 / 2 = 1. (2 + 0) / 2 x 10.
        using var scope = TensorScope.Begin();

        var loss = new GhmBoxLoss(3, new() { Bins = 2, LossWeight = 10 }).Forward(
            Tensor.From([4f, 1], 1, 2), Tensor.From([0f, 1], 1, 2), Tensor.Ones([1, 2]));

        Assert.Equal(10, loss.Item(), 1e-5);
    }

    [Fact]
    public void Build_GhmOnRetinaNet_StateIsInTheStateDictBeforeTheLayers()
    {
        using var detector = DetectorBuilder.Build(ThinRecipes.Load("quickstart/retinanet_ghm_r18_shapes"));

        var names = detector.StateDict().Select(entry => entry.Name).SkipWhile(name => !name.StartsWith("bbox_head", StringComparison.Ordinal));

        Assert.Equal(
            ["loss_cls.edges", "loss_cls.acc_sum", "loss_bbox.edges", "loss_bbox.acc_sum", "cls_convs.0.conv.weight"],
            names.Take(5).Select(name => name["bbox_head.".Length..]));
    }

    [Theory]
    [InlineData("atss", "loss_centerness")]
    [InlineData("pisa_retinanet", "loss_cls")]
    [InlineData("paa", "loss_cls")]
    [InlineData("gfl", "loss_cls")]
    public void Build_GhmWhereItIsNotSaved_IsRefusedAndFreed(string recipe, string key)
    {
        var before = Tensor.LiveCount;
        var config = ThinRecipes.Load($"quickstart/{recipe}_r18_shapes");
        var ghm = (ConfigNode)((ConfigNode)((ConfigNode)ThinRecipes.Load("quickstart/retinanet_ghm_r18_shapes")
            .Root["model"])["bbox_head"])["loss_cls"];
        ((ConfigNode)((ConfigNode)config.Root["model"])["bbox_head"]).Set(key, ghm, ghm.Origin);

        var error = Assert.Throws<ConfigException>(() => DetectorBuilder.Build(config));

        Assert.Contains($"{key} must be a loss that remembers nothing", error.Message, StringComparison.Ordinal);
        CountsTensors.AssertAtMost(before);
    }

    private static double Class(GhmClassLoss loss, Tensor? weight = null) =>
        loss.Forward(Tensor.From(s_logits, 2, 2), Tensor.From([0L, 2], 2), weight ?? Tensor.Ones([2])).Item();
}
