using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Yolo;

public sealed class YoloDecoderTests
{
    private const float Low = -20; // a logit that no threshold passes

    // One level of 1 x 2 cells of 32 pixels, one anchor of 16 x 8, two classes.
    private static readonly YoloAnchorGenerator s_anchors = new([new() { Stride = 32, Anchors = [(16, 8)] }]);

    private static readonly YoloDecoderOptions s_options = new()
    {
        ClassCount = 2,
        ObjectnessThreshold = 0.1,
    };

    [Fact]
    public void Decode_OneCell_IsItsBoxWithClassTimesObjectness()
    {
        // Cell 1: logits 0 for x, y: the cell's centre (48, 16); log 2 for w: 32; 0 for h: 8. Objectness sigmoid(0) = 0.5,
        // class 1 sigmoid(log 3) = 0.75: the score is 0.375.
        using var scope = TensorScope.Begin();
        var map = Map([0, 0, 0, 0, Low, 0, 0], [0, 0, MathF.Log(2), 0, 0, Low, MathF.Log(3)]);

        var found = Head(s_options).Decode(Maps(map), [Info()], rescale: false)[0];

        AssertNear([32, 12, 64, 20], found.Boxes);
        AssertNear([0.375f], found.Scores);
        Assert.Equal([1L], found.Labels.ToInt64Array());
    }

    [Fact]
    public void Decode_Letterboxed_TakesOffThePaddingThenTheScale()
    {
        // (32 - 6) / 2, (12 - 4) / 4, (64 - 6) / 2, (20 - 4) / 4.
        using var scope = TensorScope.Begin();
        var map = Map([0, 0, 0, 0, Low, 0, 0], [0, 0, MathF.Log(2), 0, 0, Low, MathF.Log(3)]);
        var info = Info() with { ScaleFactor = [2, 4, 2, 4], PadParameters = [4, 5, 6, 7] };

        var found = Head(s_options).Decode(Maps(map), [info], rescale: true)[0];

        AssertNear([13, 2, 29, 4], found.Boxes);
    }

    [Fact]
    public void Decode_MoreThanWanted_TheHighestObjectnessGoesOn()
    {
        using var scope = TensorScope.Begin();
        var map = Map([0, 0, 0, 0, 1, 5, Low], [0, 0, 0, 0, 2, Low, 4]);

        var found = Head(s_options with { CandidatesPerLevel = 1 }).Decode(Maps(map), [Info()], rescale: false)[0];

        Assert.Equal([1L], found.Labels.ToInt64Array());
    }

    [Theory]
    [InlineData(Low, 5)] // no objectness
    [InlineData(5, Low)] // no class
    public void Decode_NothingAboveTheThresholds_FindsNothing(float objectness, float score)
    {
        using var scope = TensorScope.Begin();
        float[] cell = [0, 0, 0, 0, objectness, score, score];

        var found = Head(s_options).Decode(Maps(Map(cell, cell)), [Info()], rescale: true)[0];

        Assert.Equal([0, 4], found.Boxes.Shape);
    }

    [Fact]
    public void Decode_ViewAndItsMirrorImage_FindOneObject()
    {
        // Cell 0 of the mirrored view of an image 64 pixels wide is cell 1 of the image.
        using var scope = TensorScope.Begin();
        float[] empty = [0, 0, 0, 0, Low, 0, 0];
        float[] full = [0, 0, MathF.Log(2), 0, 4, Low, 4];
        var info = Info() with { ScaleFactor = [2, 2, 2, 2] };

        var found = Head(s_options).DecodeViews(
            [Maps(Map(empty, full)), Maps(Map(full, empty))],
            [info, info with { FlipDirection = FlipDirection.Horizontal }],
            rescale: true);

        AssertNear([16, 6, 32, 10], found.Boxes);
    }

    private static DenseHead Head(YoloDecoderOptions options) => new(new NoNetwork(), new()
    {
        ClassCount = 2,
        Decoder = new YoloDecoder(s_anchors, new YoloBBoxCoder(), options),
        Nms = new() { ScoreThreshold = 0.3, Nms = new() { IoUThreshold = 0.5 } },
    });

    // A batch of one.
    private static MapSet Maps(Tensor map) => new(("pred_map", [map.Unsqueeze(0)]));

    // (7, 1, 2): x, y, w, h, objectness and two classes of two cells.
    private static Tensor Map(float[] first, float[] second) =>
        Tensor.From([.. first.Zip(second, (a, b) => new[] { a, b }).SelectMany(pair => pair)], 7, 1, 2);

    private static ImageInfo Info()
    {
        var shape = new ImageShape(32, 64);
        return new() { FileName = "a.jpg", OriginalShape = shape, ImageShape = shape, PadShape = shape };
    }

    private static void AssertNear(float[] expected, Tensor actual)
    {
        Assert.Equal(expected.Length, actual.ElementCount);
        Assert.All(expected.Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
