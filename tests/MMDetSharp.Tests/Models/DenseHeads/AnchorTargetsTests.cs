using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class AnchorTargetsTests
{
    private static readonly (long Height, long Width)[] s_sizes = [(2, 2)];

    [Fact]
    public void Make_OneObject_ItsAnchorLearnsItsClassAndShift()
    {
        // Anchors of 16 x 16 around (0, 0), (16, 0), (0, 16), (16, 16); the object is the last one, 4 pixels right:
        // IoU 12 / 20 = 0.6; dx = 4 / 16.
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3 }).Make(s_sizes, Batch([12, 8, 28, 24]));

        Assert.Equal([3, 3, 3, 2], targets.Labels[0].ToInt64Array());
        Assert.Equal([1f, 1, 1, 1], targets.LabelWeights[0].ToArray());
        Assert.Equal([0.25f, 0, 0, 0], targets.BoxTargets[0].ToArray()[12..]);
        Assert.Equal([0f, 0, 0, 0, 1, 1, 1, 1], targets.BoxWeights[0].ToArray()[8..]);
        Assert.Equal((1, 3), (targets.PositiveCount, targets.NegativeCount));
    }

    [Fact]
    public void Make_CompareBoxes_TargetsAreBoxes()
    {
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3, CompareBoxes = true }).Make(s_sizes, Batch([12, 8, 28, 24]));

        Assert.Equal([12f, 8, 28, 24], targets.BoxTargets[0].ToArray()[12..]);
    }

    [Fact]
    public void Make_PaddedImage_AnchorsOnThePaddingWeighNothing()
    {
        // The image's own padding ends at 16 pixels: one of two columns.
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3 })
            .Make(s_sizes, Batch([0, 8, 8, 24], padShape: new ImageShape(32, 16)));

        Assert.Equal([1f, 0, 1, 0], targets.LabelWeights[0].ToArray());
        Assert.Equal([3L, 3], targets.Labels[0].ToInt64Array().Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public void Make_AllowedBorder_AnchorsBeyondItWeighNothing()
    {
        // Only the anchor around (16, 16), 8 to 24, lies inside 32 x 32.
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3, AllowedBorder = 0 }).Make(s_sizes, Batch([12, 8, 28, 24]));

        Assert.Equal([0f, 0, 0, 1], targets.LabelWeights[0].ToArray());
    }

    [Fact]
    public void Make_NoObject_AllIsBackgroundAndCountsOne()
    {
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3 }).Make(s_sizes, Batch([]));

        Assert.All(targets.Labels[0].ToInt64Array(), label => Assert.Equal(3, label));
        Assert.Equal((1, 4), (targets.PositiveCount, targets.NegativeCount));
    }

    [Fact]
    public void Make_PositiveWeight_WeighsTheScore()
    {
        using var scope = TensorScope.Begin();

        var targets = Targets(new() { ClassCount = 3, PositiveWeight = 2 }).Make(s_sizes, Batch([12, 8, 28, 24]));

        Assert.Equal([1f, 1, 1, 2], targets.LabelWeights[0].ToArray());
    }

    [Fact]
    public void Make_NoAnchorInside_NamesTheImage()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(() => Targets(new() { ClassCount = 3, AllowedBorder = 0 })
            .Make(s_sizes, Batch([], imageShape: new ImageShape(8, 8))));

        Assert.Contains("some.jpg: some anchor must lie inside its (8, 8, 3), none does.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_NoGroundTruth_SaysWhatToLoad()
    {
        using var scope = TensorScope.Begin();
        var batch = new Batch(Tensor.Zeros([1, 3, 32, 32]), Batch([]).Infos);

        var error = Assert.Throws<ArgumentException>(() => Targets(new() { ClassCount = 3 }).Make(s_sizes, batch));

        Assert.Contains("Load annotations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Approximations_TheBestShapeFindsTheObjectAndOneInsideIsEnough()
    {
        // Squares of 16 stand for shapes of 8 and 16. The object is the small shape around (16, 16), which alone lies inside
        // 21 x 21: the square's own IoU would be 64 / 256.
        using var scope = TensorScope.Begin();
        var targets = new AnchorTargets(
            new() { ClassCount = 3, AllowedBorder = 0, CompareBoxes = true },
            new AnchorGenerator(new() { Strides = [(16, 16)], Ratios = [1], Scales = [1] }),
            new ApproxMaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4), MatchLowQuality = false }),
            new PseudoSampler(),
            coder: null)
        {
            Approximations = new AnchorGenerator(new() { Strides = [(16, 16)], Ratios = [1], Scales = [0.5f, 1] }),
        };

        var found = targets.Make(s_sizes, Batch([12, 12, 20, 20], imageShape: new ImageShape(21, 21)));

        Assert.Equal([3, 3, 3, 2], found.Labels[0].ToInt64Array());
        Assert.Equal([0f, 0, 0, 1], found.LabelWeights[0].ToArray());
        Assert.Equal([12f, 12, 20, 20], found.BoxTargets[0].ToArray()[12..]);
        Assert.Equal([8f, 8, 24, 24], found.Anchors[0].ToArray()[12..]);
    }

    [Fact]
    public void Make_EncodedBoxesWithoutACoder_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();
        var targets = new AnchorTargets(
            new() { ClassCount = 3 },
            new AnchorGenerator(new() { Strides = [(16, 16)], Ratios = [1], Scales = [1] }),
            new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) }),
            new PseudoSampler(),
            coder: null);

        var error = Assert.Throws<InvalidOperationException>(() => targets.Make(s_sizes, Batch([12, 8, 28, 24])));

        Assert.Contains("must have a box coder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Called_LeavesItsTargetsOnly()
    {
        using var scope = TensorScope.Begin();
        var (targets, batch) = (Targets(new() { ClassCount = 3 }), Batch([12, 8, 28, 24]));
        var before = Tensor.LiveCount;

        targets.Make(s_sizes, batch);

        CountsTensors.AssertAtMost(before + 6); // one level of each of six kinds
    }

    private static AnchorTargets Targets(AnchorHeadOptions options) => new(
        options,
        new AnchorGenerator(new() { Strides = [(16, 16)], Ratios = [1], Scales = [1] }),
        new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) }),
        new PseudoSampler(),
        new DeltaXYWHBBoxCoder());

    // One image of 32 x 32 with one object of class 2, or none.
    private static Batch Batch(float[] box, ImageShape? imageShape = null, ImageShape? padShape = null)
    {
        var count = box.Length / 4;
        var info = new ImageInfo
        {
            FileName = "some.jpg",
            OriginalShape = new(32, 32),
            ImageShape = imageShape ?? new(32, 32),
            PadShape = padShape ?? new(32, 32),
        };
        var truth = new GroundTruth(
            Tensor.From(box, count, 4), Tensor.Full([count], 2, ScalarType.Int64), Tensor.Zeros([0, 4]));
        return new Batch(Tensor.Zeros([1, 3, 32, 32]), [info], [truth]);
    }
}
