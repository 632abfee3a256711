using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Yolo;

public sealed class YoloCriterionTests
{
    private static readonly WeightedReduction s_sum = new() { Reduction = Reduction.Sum };

    private static readonly YoloLosses s_losses = new()
    {
        Classes = new CrossEntropyLoss(CrossEntropyMode.Sigmoid, reduction: s_sum),
        Objectness = new CrossEntropyLoss(CrossEntropyMode.Sigmoid, reduction: s_sum),
        Center = new CrossEntropyLoss(CrossEntropyMode.Sigmoid, reduction: s_sum with { LossWeight = 2 }),
        Size = new MseLoss(s_sum with { LossWeight = 2 }),
    };

    [Fact]
    public void Compare_ZerosAgainstOneObjectAndOneBackground_AreTheSums()
    {
        // One class, three anchors of one cell: an object, background, neither. Logits 0: each cross entropy is log 2.
        // Classes: the object's one; objectness: object and background; centre: two coordinates, weight 2; size: targets
        // 0.5 and -1, 2 (0.25 + 1).
        using var scope = TensorScope.Begin();
        var targets = new YoloTargetSet(
            [Tensor.From([0.25f, 0.75f, 0.5f, -1, 1, 1, .. new float[12]], 1, 3, 6)],
            [Tensor.From([false, true, false], 1, 3)]);

        var terms = s_losses.Compare([Tensor.Zeros([1, 18, 1, 1])], targets);

        Assert.Equal(["loss_cls", "loss_conf", "loss_xy", "loss_wh"], terms.Select(term => term.Name));
        Assert.Equal(Math.Log(2), terms["loss_cls"][0].Item(), 1e-6);
        Assert.Equal(2 * Math.Log(2), terms["loss_conf"][0].Item(), 1e-6);
        Assert.Equal(4 * Math.Log(2), terms["loss_xy"][0].Item(), 1e-6);
        Assert.Equal(2.5, terms["loss_wh"][0].Item(), 1e-6);
    }

    [Fact]
    public void Compare_NoObject_OnlyObjectnessHasAGradient()
    {
        using var scope = TensorScope.Begin();
        var map = Tensor.Zeros([1, 6, 1, 1]);
        map.RequiresGrad = true;
        var targets = new YoloTargetSet([Tensor.Zeros([1, 1, 6])], [Tensor.From([true], 1, 1)]);

        s_losses.Compare([map], targets).Total().Backward();

        Assert.Equal([0f, 0, 0, 0, 0.5f, 0], map.Grad!.ToArray()); // sigmoid(0) - 0
    }

    [Fact]
    public void Compare_TargetsOfAnotherSize_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();
        var targets = new YoloTargetSet([Tensor.Zeros([1, 2, 6])], [Tensor.From([true, true], 1, 2)]);

        var error = Assert.Throws<ArgumentException>(() => s_losses.Compare([Tensor.Zeros([1, 6, 1, 1])], targets));

        Assert.Contains("Make the targets for maps of these sizes", error.Message, StringComparison.Ordinal);
    }
}
