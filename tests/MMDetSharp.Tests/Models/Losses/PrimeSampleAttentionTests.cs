using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Losses;

public sealed class PrimeSampleAttentionTests
{
    private const string Recorded = "components/losses.safetensors";

    [Fact]
    public void Importance_TwoObjectsOfAClass_TheBestOfEachComesFirst()
    {
        // Object 0 has 0.9 and 0.5, object 1 has 0.6 and 0.8. Firsts of each: 0.9, 0.8; then 0.6, 0.5. Four of four.
        using var scope = TensorScope.Begin();

        var importance = HierarchicalLocalRank.Importance(
            Tensor.From([0.5f, 0.6f, 0.9f, 0.8f], 4), Tensor.From([2L, 2, 2, 2], 4), Tensor.From([0L, 1, 0, 1], 4));

        Assert.Equal([0.25f, 0.5f, 1, 0.75f], importance.ToArray());
    }

    [Fact]
    public void Importance_SmallerClass_IsMeasuredByTheLargest()
    {
        // The most frequent class has three samples: the one sample of the other one has (3 - 0) / 3.
        using var scope = TensorScope.Begin();

        var importance = HierarchicalLocalRank.Importance(
            Tensor.From([0.9f, 0.5f, 0.6f, 0.7f], 4), Tensor.From([0L, 1, 1, 1], 4), Tensor.From([0L, 1, 1, 1], 4));

        Assert.Equal([1f, 1 / 3f, 2 / 3f, 1], importance.ToArray());
    }

    [GoldenFact(Recorded)]
    public void Importance_Recorded_IsRecorded()
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, "isr_p");
        var (coder, rows) = (new DeltaXYWHBBoxCoder(), golden.IntegerInput("pos_inds"));
        var anchors = golden.FloatInput("anchors")[rows];
        var samples = new PrimeSamples(
            golden.IntegerInput("labels")[rows], golden.IntegerInput("pos_assigned_gt_inds"),
            golden.FloatInput("cls_score")[rows], golden.FloatInput("bbox_pred")[rows], golden.FloatInput("bbox_targets")[rows]);
        var overlaps = new BBoxOverlaps2D().Aligned(
            coder.Decode(anchors, samples.Boxes), coder.Decode(anchors, samples.BoxTargets));
        var weights = golden.FloatInput("label_weights");

        weights.IndexPutInPlace(rows, PrimeSampleAttention.Importance(
            new(Exponent: 2, Bias: 0), samples, overlaps, weights[rows], new FocalLoss()));

        golden.AssertOutput("label_weights", weights, 1e-6, 3e-6);
    }

    [GoldenFact(Recorded)]
    public void ClassAwareLoss_Recorded_LossAndGradientsAreRecorded()
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, "carl");
        var (scores, deltas, labels) = (golden.FloatInput("cls_score"), golden.FloatInput("bbox_pred"), golden.IntegerInput("labels"));
        (scores.RequiresGrad, deltas.RequiresGrad) = (true, true);
        var rows = labels.Lt(5).NonZero().Squeeze(-1);
        var samples = new PrimeSamples(
            labels[rows], rows, scores[rows], deltas[rows], golden.FloatInput("bbox_targets")[rows]);

        var loss = PrimeSampleAttention.ClassAwareLoss(
            new(Exponent: 1, Bias: 0.2), samples, isSigmoid: true, new SmoothL1Loss(0.11), averageFactor: 5);
        loss.Backward();

        golden.AssertOutput("loss", loss.Reshape(1), 1e-6, 3e-6);
        golden.AssertOutput("grad_cls", scores.Grad!, 1e-6, 2e-5);
        golden.AssertOutput("grad_bbox", deltas.Grad!, 1e-6, 2e-5);
    }
}
