using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Ssd;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Ssd;

/// <summary>Eight anchors of 10 x 10 in a row, one class; background has the logit 0.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class SsdCriterionTests
{
    private const double Log2 = 0.693147180559945;

    private static readonly float[] s_onFirst = [0, 0, 10, 10];

    // The class's logits: a background anchor of the logit log(n) has the loss log(1 + n), the positive one log(1 + 1 / n).
    private static readonly float[] s_logits = [.. new[] { 1, 1, 3, 7, 1, 15, 3, 1 }.Select(n => MathF.Log(n))];

    [Fact]
    public void Compute_OneObject_ThePositiveAndThreeHardestCount()
    {
        using var scope = TensorScope.Begin();

        var terms = Criterion().Compute(Maps(s_logits), Batch(s_onFirst));

        // Positive log 2; of the others log 16, log 8 and one log 4: 1 + 4 + 3 + 2 times log 2, by 1 positive.
        Assert.Equal(10 * Log2, terms["loss_cls"].Single().Item(), 1e-5);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)] // + log 16
    [InlineData(4, 12)] // + log 8 + 2 log 4
    [InlineData(100, 15)] // all: + 3 log 2
    public void Compute_OtherRatios_SoManyNegativesCount(int ratio, double expected)
    {
        using var scope = TensorScope.Begin();

        var terms = Criterion(ratio).Compute(Maps(s_logits), Batch(s_onFirst));

        Assert.Equal(expected * Log2, terms["loss_cls"].Single().Item(), 1e-5);
    }

    [Fact]
    public void Compute_TheGradient_ReachesWhatCountsAndNothingElse()
    {
        using var scope = TensorScope.Begin();
        var maps = Maps(s_logits);

        Criterion().Compute(maps, Batch(s_onFirst)).Total().Backward();

        // By the class's logits: p - 1 at the positive one, p = n / (1 + n) at the hardest negatives. Two of them are equal:
        // either one counts.
        var gradient = maps["cls_score"][0].Grad![0][0].Flatten().ToArray();
        float[] expected = gradient[2] == 0 ? [-0.5f, 0, 0, 0.875f, 0, 0.9375f, 0.75f, 0] : [-0.5f, 0, 0.75f, 0.875f, 0, 0.9375f, 0, 0];
        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Compute_Boxes_OnlyThePositiveOnesCount()
    {
        using var scope = TensorScope.Begin();
        var deltas = Enumerable.Repeat(9f, 32).ToArray();
        (deltas[0], deltas[8], deltas[16], deltas[24]) = (0.5f, -2, 0, 0); // of the first anchor, which fits its object

        var terms = Criterion().Compute(Maps(s_logits, deltas), Batch(s_onFirst));

        Assert.Equal(1.625, terms["loss_bbox"].Single().Item(), 1e-5); // 0.5 x 0.5^2 + 2 - 0.5
    }

    [Fact]
    public void Compute_CompareBoxes_PixelsAreCompared()
    {
        using var scope = TensorScope.Begin();
        var deltas = new float[32];
        deltas[0] = 0.2f; // dx of the first anchor: 2 pixels of both x

        var terms = Criterion(compareBoxes: true).Compute(Maps(s_logits, deltas), Batch(s_onFirst));

        Assert.Equal(3, terms["loss_bbox"].Single().Item(), 1e-5); // 2 x (2 - 0.5)
    }

    [Fact]
    public void Compute_ImageWithoutObjects_MinesNothingButCountsOne()
    {
        using var scope = TensorScope.Begin();

        var terms = Criterion().Compute(Maps([.. s_logits, .. s_logits]), Batch(s_onFirst, []));

        Assert.Equal(5 * Log2, terms["loss_cls"][0].Item(), 1e-5); // by 1 + 1
        Assert.Equal(0, terms["loss_cls"][1].Item());
        Assert.Equal(0, terms["loss_bbox"][1].Item());
    }

    [Fact]
    public void Compute_IgnoredAnchors_CountNothing()
    {
        // The second object overlaps the last anchor by 5 x 10 of 150: its IoU of 1/3 is neither positive nor background.
        using var scope = TensorScope.Begin();
        float[] logits = [.. s_logits];
        logits[7] = 50;

        var terms = Criterion(neg: 0.3).Compute(Maps(logits), Batch([0, 0, 10, 10, 75, 0, 85, 10]));

        Assert.Equal(10 * Log2, terms["loss_cls"].Single().Item(), 1e-5);
    }

    [Fact]
    public void Compute_ManyTimes_NothingIsLeft()
    {
        using var maps = TensorScope.Begin();
        var (given, batch, criterion) = (Maps(s_logits), Batch(s_onFirst), Criterion());
        var before = Tensor.LiveCount;

        for (var i = 0; i < 3; i++)
        {
            using var scope = TensorScope.Begin();
            criterion.Compute(given, batch);
            CountsTensors.AssertAtMost(before + 2);
        }

        CountsTensors.AssertAtMost(before);
    }

    private static SsdCriterion Criterion(int ratio = 3, double neg = 0.5, bool compareBoxes = false) => new(
        new AnchorTargets(
            new() { ClassCount = 1, SigmoidScores = false, CompareBoxes = compareBoxes },
            new AnchorGenerator([[0, 0, 10, 10]], [(10, 10)]),
            new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, neg), MatchLowQuality = false }),
            new PseudoSampler(),
            new DeltaXYWHBBoxCoder()),
        (new CrossEntropyLoss(), new SmoothL1Loss()),
        ratio);

    // (B, 2, 1, 8) scores, class then background, and (B, 4, 1, 8) boxes; they learn.
    private static MapSet Maps(float[] logits, float[]? deltas = null)
    {
        var images = logits.Length / 8;
        var scores = Tensor.Stack(1, Tensor.From(logits, images, 1, 8), Tensor.Zeros([images, 1, 8])).Detach();
        var boxes = Tensor.From(deltas ?? new float[32 * images], images, 4, 1, 8);
        (scores.RequiresGrad, boxes.RequiresGrad) = (true, true);
        return new(("cls_score", [scores]), ("bbox_pred", [boxes]));
    }

    private static Batch Batch(params float[][] objects)
    {
        var shape = new ImageShape(10, 80, 3);
        var info = new ImageInfo { FileName = "row.png", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        return new Batch(
            Tensor.Zeros([objects.Length, 3, 10, 80]),
            [.. objects.Select(_ => info)],
            [.. objects.Select(boxes => new GroundTruth(
                Tensor.From(boxes, boxes.Length / 4, 4), Tensor.Zeros([boxes.Length / 4], ScalarType.Int64), Tensor.Zeros([0, 4])))]);
    }
}
