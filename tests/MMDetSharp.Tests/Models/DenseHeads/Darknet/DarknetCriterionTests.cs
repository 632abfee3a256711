using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Tests.Models.DenseHeads.YoloV5;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Darknet;

/// <summary>
/// The recorded numbers are of AlexeyAB/darknet (commit 59596d78, yolo_layer.c and box.c compiled for the processor): the
/// deltas of forward_yolo_layer for the maps and objects made here. Tolerance 2e-5 relative: darknet computes in float32.
/// </summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DarknetCriterionTests
{
    private static readonly YoloLayerOptions s_layer = new()
    {
        Classes = 3,
        Anchors = [(6, 8), (14, 10), (20, 26), (30, 30), (40, 20), (50, 60)],
        Mask = [0, 1, 2],
    };

    private static readonly Recorded[] s_recorded =
    [
        new(s_layer, 10.7162, 26.91802, 2.620366, 3.972728, 60.41871),
        new(
            s_layer with { IouLoss = "ciou", IouNormalizer = 0.07, ScaleXY = 1.05, LabelSmoothing = 0.1 },
            0.09934371, 27.29812, 2.970712, 1.255591, 52.9629),
        new(
            s_layer with { IouLoss = "giou", IouNormalizer = 0.5, ObjectnessNormalizer = 0.4 },
            7.869843, 4.59471, 3.409095, -0.8236976, 31.93619),
        new(
            s_layer with { IouLoss = "diou", IouThreshold = 0.3, IgnoreThreshold = 0.2, Mask = [1, 2, 3] },
            52.29223, 22.04209, 8.649343, -1.5617, 82.81201),
        new(
            s_layer with { IouLoss = "iou", NewCoords = true, ScaleXY = 2 },
            19.41612, 27.236, 1.815163, -0.7823378, 59.37374),
        new(
            s_layer with { TruthThreshold = 0.3, FocalLoss = true },
            18.66255, 25.68762, 1.367046, -5.793765, 71.22666),
        new(
            s_layer with { IouLoss = "ciou", MaxDelta = 0.2, IouThreshold = 0.2, IouNormalizer = 1.5 },
            1.449519, 27.44553, 8.634193, -2.052194, 70.02628),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Compute_RecordedCase_GradientsAreDarknetsDeltas(int number)
    {
        using var scope = TensorScope.Begin();
        var recorded = s_recorded[number];
        var map = Map(number, recorded.Layer.NewCoords);

        var terms = new DarknetCriterion([recorded.Layer]).Compute(new(("pred_map", [map])), Objects());
        terms.Total().Backward();

        // Averaged over 2 images, and downhill.
        var deltas = map.Grad!.ToArray().Select(value => -2.0 * value).ToArray();
        var entries = deltas.Select((value, i) => (Square: value * value, Entry: i / 16 % 8)).ToList();
        AssertClose(recorded.Box, entries.Where(item => item.Entry < 4).Sum(item => item.Square));
        AssertClose(recorded.Objectness, entries.Where(item => item.Entry == 4).Sum(item => item.Square));
        AssertClose(recorded.Class, entries.Where(item => item.Entry > 4).Sum(item => item.Square));
        AssertClose(recorded.Weighted, deltas.Select((value, i) => value * Math.Cos(0.37 * i)).Sum());
        AssertClose(recorded.Absolute, deltas.Sum(Math.Abs));
        AssertClose(recorded.Objectness / 2, terms["loss_obj"][0].Item());
        AssertClose(recorded.Class / 2, terms["loss_cls"][0].Item());
    }

    [Fact]
    public void Compute_OneCell_HandComputed()
    {
        // One cell, net 8 x 8, anchor 8 x 8, all inputs 0: x = y = 0.5, w = h = the anchor's: the prediction is (0.5,
        // 0.5, 1, 1). The object is (0, 0, 4, 4): centre (0.25, 0.25), sides 0.5.
        // Squares, scale 0.75 (2 - 0.25) = 1.3125: x, y: 0.25 - 0.5; w, h: ln 0.5. Objectness 1 - 0.5; classes 0 - 0.5
        // and 1 - 0.5. Loss of boxes: 0.75 (1 - 0.25).
        using var scope = TensorScope.Begin();
        var map = Tensor.Zeros([1, 7, 1, 1]);
        map.RequiresGrad = true;
        var layer = new YoloLayerOptions { Classes = 2, Anchors = [(8, 8)], Mask = [0] };
        var batch = new Batch(
            Tensor.Zeros([1, 3, 8, 8]), [YoloV5Case.Info()], [YoloV5Case.Truth([0, 0, 4, 4], [1])]);

        var terms = new DarknetCriterion([layer]).Compute(new(("pred_map", [map])), batch);
        terms.Total().Backward();

        double[] expected = [-0.328125, -0.328125, -0.9097557, -0.9097557, 0.5, -0.5, 0.5];
        Assert.All(expected.Zip(map.Grad!.ToArray()), pair => Assert.Equal(pair.First, -pair.Second, 6));
        Assert.Equal(0.5625, terms["loss_bbox"][0].Item(), 6);
        Assert.Equal(0.25, terms["loss_obj"][0].Item(), 6);
        Assert.Equal(0.5, terms["loss_cls"][0].Item(), 6);
    }

    [Fact]
    public void Compute_ObjectOfAnotherLayersAnchor_StaysBackgroundHere()
    {
        using var scope = TensorScope.Begin();
        var map = Tensor.Zeros([1, 7, 1, 1]);
        map.RequiresGrad = true;
        var layer = new YoloLayerOptions { Classes = 2, Anchors = [(8, 8), (4, 4)], Mask = [0] };
        var batch = new Batch(
            Tensor.Zeros([1, 3, 8, 8]), [YoloV5Case.Info()], [YoloV5Case.Truth([0, 0, 4, 4], [1])]);

        new DarknetCriterion([layer]).Compute(new(("pred_map", [map])), batch).Total().Backward();

        Assert.Equal([0f, 0, 0, 0, 0.5f, 0, 0], map.Grad!.ToArray());
    }

    [Fact]
    public void Compute_PredictionThatOverlaps_IsIgnored()
    {
        // The prediction fills the cell, the object nearly: overlap 0.77 > 0.5; classes at 0.5 > 0.25. Its anchor is
        // another layer's, so that only the ignoring shows.
        using var scope = TensorScope.Begin();
        var map = Tensor.Zeros([1, 7, 1, 1]);
        map.RequiresGrad = true;
        var layer = new YoloLayerOptions { Classes = 2, Anchors = [(8, 8), (7, 7)], Mask = [0] };
        var batch = new Batch(
            Tensor.Zeros([1, 3, 8, 8]), [YoloV5Case.Info()], [YoloV5Case.Truth([0, 0, 7, 7], [1])]);

        new DarknetCriterion([layer]).Compute(new(("pred_map", [map])), batch).Total().Backward();

        Assert.All(map.Grad!.ToArray(), value => Assert.Equal(0, value));
    }

    // Where Darknet's formula is the true derivative, up to width and height counting twice.
    [Theory]
    [InlineData("iou")]
    [InlineData("giou")]
    public void Of_Overlap_IsTheSlope(string kind)
    {
        var (box, truth) = (new RelativeBox(0.4, 0.5, 0.3, 0.2), new RelativeBox(0.5, 0.57, 0.4, 0.3));

        var gradient = DarknetBoxGradient.Of(box, truth, kind);

        const double step = 1e-6;
        double Slope(RelativeBox up, RelativeBox down) => (Value(up, truth, kind) - Value(down, truth, kind)) / (2 * step);
        Assert.Equal(Slope(box with { X = 0.4 + step }, box with { X = 0.4 - step }), gradient[0], 1e-5);
        Assert.Equal(Slope(box with { Y = 0.5 + step }, box with { Y = 0.5 - step }), gradient[1], 1e-5);
        Assert.Equal(2 * Slope(box with { Width = 0.3 + step }, box with { Width = 0.3 - step }), gradient[2], 1e-5);
        Assert.Equal(2 * Slope(box with { Height = 0.2 + step }, box with { Height = 0.2 - step }), gradient[3], 1e-5);
    }

    [Fact]
    public void Compute_Repeated_LeavesNoTensors()
    {
        using var scope = TensorScope.Begin();
        var criterion = new DarknetCriterion([s_layer]);
        var (map, batch) = (Map(0, isSigmoid: false), Objects());
        var before = Tensor.LiveCount;

        using (var step = TensorScope.Begin())
        {
            criterion.Compute(new(("pred_map", [map])), batch);
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void Constructor_UnknownLoss_Explains()
    {
        var error = Assert.Throws<ArgumentException>(() => new DarknetCriterion([s_layer with { IouLoss = "eiou" }]));

        Assert.Contains("iou_loss must be one of mse", error.Message, StringComparison.Ordinal);
    }

    private static double Value(RelativeBox box, RelativeBox truth, string kind)
    {
        var area = (box.Width * box.Height) + (truth.Width * truth.Height);
        var iou = box.IoU(truth);
        var union = area / (1 + iou);
        var outer = (Math.Max(box.Right, truth.Right) - Math.Min(box.Left, truth.Left))
            * (Math.Max(box.Bottom, truth.Bottom) - Math.Min(box.Top, truth.Top));
        return kind == "giou" ? iou - ((outer - union) / outer) : iou;
    }

    // Element i is 1.2 sin(0.71 i + case), in the order of memory.
    private static Tensor Map(int number, bool isSigmoid)
    {
        var values = Enumerable.Range(0, 2 * 24 * 16).Select(i => 1.2 * Math.Sin((0.71 * i) + number))
            .Select(value => (float)(isSigmoid ? 1 / (1 + Math.Exp(-value)) : value));
        var map = Tensor.From(values.ToArray(), 2, 24, 4, 4);
        map.RequiresGrad = true;
        return map;
    }

    private static Batch Objects() => new(
        Tensor.Zeros([2, 3, 64, 64]),
        [YoloV5Case.Info(), YoloV5Case.Info()],
        [
            YoloV5Case.Truth([4, 6, 20, 30, 10, 8, 52, 60], [0, 2]),
            YoloV5Case.Truth([30, 30, 62, 50, 33, 1, 47, 15, 38, 2, 60, 30], [1, 0, 2]),
        ]);

    private static void AssertClose(double expected, double actual) =>
        Assert.Equal(expected, actual, 1e-6 + (2e-5 * Math.Abs(expected)));

    private sealed record Recorded(
        YoloLayerOptions Layer, double Box, double Objectness, double Class, double Weighted, double Absolute);
}
