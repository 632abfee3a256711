using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Yolo;

public sealed class YoloTargetsTests
{
    // Two levels of an image of 64 x 64: 2 x 2 cells of 32 pixels, 4 x 4 of 16; one anchor each.
    private static readonly YoloAnchorGenerator s_anchors = new(
    [
        new() { Stride = 32, Anchors = [(40, 40)] },
        new() { Stride = 16, Anchors = [(16, 16)] },
    ]);

    private static readonly (long, long)[] s_sizes = [(2, 2), (4, 4)];

    [Fact]
    public void Make_OneObject_ItsBestAnchorLearnsItsPlaceSizeAndClass()
    {
        // The centre (40, 20) of the object lies in cell (1, 0) of the coarse level, around (48, 16): the anchor (28, -4) -
        // (68, 36) overlaps the object (20, 0) - (60, 40) by 32 x 36 of 2048, 0.56. Of the fine level it is cell (2, 1), the
        // anchor (32, 16) - (48, 32): 256 of 1600, 0.16. Neither passes 0.9, so the better one alone learns: x = 40 / 32 - 1
        // = 0.25, y = 20 / 32 = 0.625, sizes of one anchor: log 1 = 0.
        using var scope = TensorScope.Begin();

        var targets = Make(new() { ClassCount = 3 }, [20, 0, 60, 40], [2]);

        Assert.Equal(
            [0, 0, 0, 0, 0, 0, 0, 0, /**/ 0.25f, 0.625f, 0, 0, 1, 0, 0, 1, /**/ .. new float[16]],
            targets.Maps[0].ToArray());
        Assert.Equal(0, targets.Maps[1].Sum().Item());
        Assert.Equal([true, false, true, true], targets.Negatives[0].ToBoolArray());
        Assert.Equal(16, targets.Negatives[1].Sum().Item());
    }

    [Fact]
    public void Make_SmoothedClasses_SpreadAPartOverAll()
    {
        // 0.1 of the class over 2 classes: 0.9 + 0.05 and 0.05.
        using var scope = TensorScope.Begin();

        var targets = Make(new() { ClassCount = 2, LabelSmoothing = 0.1 }, [20, 0, 60, 40], [0]);

        var learned = targets.Maps[0].ToArray().AsSpan(7, 7)[5..].ToArray();
        Assert.Equal(0.95f, learned[0], 1e-6f);
        Assert.Equal(0.05f, learned[1], 1e-6f);
    }

    [Fact]
    public void Make_NoObject_AllIsBackground()
    {
        using var scope = TensorScope.Begin();

        var targets = Make(new() { ClassCount = 3 }, [], []);

        Assert.Equal([1, 4, 8], targets.Maps[0].Shape);
        Assert.All(targets.Maps, map => Assert.Equal(0, map.Abs().Sum().Item()));
        Assert.All(targets.Negatives, negative => Assert.Equal(1, negative.All().Item()));
    }

    [Fact]
    public void Make_NoAnnotations_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();
        var batch = new Batch(Tensor.Zeros([1, 3, 64, 64]), [Info()]);

        var error = Assert.Throws<ArgumentException>(() => Targets(new() { ClassCount = 3 }).Make(s_sizes, batch));

        Assert.Contains("Load annotations", error.Message, StringComparison.Ordinal);
    }

    private static YoloTargetSet Make(YoloTargetOptions options, float[] boxes, long[] labels)
    {
        var truth = new GroundTruth(
            Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
        return Targets(options).Make(s_sizes, new Batch(Tensor.Zeros([1, 3, 64, 64]), [Info()], [truth]));
    }

    private static YoloTargets Targets(YoloTargetOptions options) => new(
        options, s_anchors, new GridAssigner(new() { PositiveIoU = 0.9, NegativeIoU = (-1, 0.5) }), new YoloBBoxCoder());

    private static ImageInfo Info()
    {
        var shape = new ImageShape(64, 64);
        return new() { FileName = "a.jpg", OriginalShape = shape, ImageShape = shape, PadShape = shape };
    }
}
