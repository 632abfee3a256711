using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Darknet;

public sealed class DarknetDecoderTests
{
    private static readonly ImageShape s_input = new(32, 64);

    [Fact]
    public void Decode_OneCell_IsDarknetsBox()
    {
        using var scope = TensorScope.Begin();
        var layer = new YoloLayerOptions { Classes = 2, Anchors = [(9, 9), (16, 8)], Mask = [1], ScaleXY = 1.2 };

        // One cell of 2 x 4, row 1, column 2: x = sigmoid(0) = 0.5 -> 0.5 * 1.2 - 0.1 = 0.5, (2 + 0.5) / 4 * 64 = 40;
        // y = sigmoid(ln 3) = 0.75 -> 0.8, (1 + 0.8) / 2 * 32 = 28.8; w = e^0 * 16; h = 2 * 8.
        var map = Empty(7, 2, 4);
        Set(map, place: 6, [0, MathF.Log(3), 0, MathF.Log(2), MathF.Log(9), MathF.Log(4), -20]);

        var found = Decode(new(2, 1) { Yolo = layer }, map, (7, 2, 4), new());

        Assert.Equal(1, found.Count);
        Assert.Equal([32f, 20.8f, 48f, 36.8f], found.Boxes.ToArray().Select(value => MathF.Round(value, 4)));
        Assert.Equal(0.9f * 0.8f, found.Scores.ToArray()[0], 1e-6);
        Assert.Equal([0], found.Labels.ToInt64Array());
    }

    [Fact]
    public void Decode_NewCoordinates_TakesTheMapAsItIs()
    {
        using var scope = TensorScope.Begin();
        var layer = new YoloLayerOptions
        {
            Classes = 1,
            Anchors = [(16, 8)],
            Mask = [0],
            ScaleXY = 2,
            NewCoords = true,
        };

        // x = 0.5 * 2 - 0.5 = 0.5; w = (2 * 0.5)^2 * 16; h = (2 * 1)^2 * 8. Above the image's edge: clipped.
        var map = Empty(6, 2, 4);
        Set(map, place: 0, [0.5f, 0.5f, 0.5f, 1, 0.9f, 0.8f]);

        var found = Decode(new(1, 1) { Yolo = layer }, map, (6, 2, 4), new() { ClipBorder = true });

        Assert.Equal([0f, 0, 16, 24], found.Boxes.ToArray());
        Assert.Equal(0.72f, found.Scores.ToArray()[0], 1e-6);
    }

    [Fact]
    public void Decode_Region_CountsAnchorsInCells()
    {
        using var scope = TensorScope.Begin();
        var layer = new RegionLayerOptions { Classes = 2, Anchors = [(1, 0.5f)], Softmax = true };

        // Softmax(0, ln 3) = 0.25, 0.75; width 1 of 4 cells of 64 pixels, height 0.5 of 2 cells of 32.
        var map = Empty(7, 2, 4);
        Set(map, place: 1, [0, 0, 0, 0, MathF.Log(9), 0, MathF.Log(3)]);

        var found = Decode(new(2, 1) { Region = layer }, map, (7, 2, 4), new() { ScoreThreshold = 0.24 });

        Assert.Equal([16f, 4, 32, 12], found.Boxes.ToArray());
        Assert.Equal(0.675f, found.Scores.ToArray()[0], 1e-6);
        Assert.Equal([1], found.Labels.ToInt64Array());
    }

    [Theory]
    [InlineData(0.25, 0)] // objectness 0.25 does not exceed 0.25
    [InlineData(0.2499, 1)]
    public void Decode_AtTheThreshold_MustExceedIt(double threshold, int expected)
    {
        using var scope = TensorScope.Begin();
        var layer = new YoloLayerOptions { Classes = 1, Anchors = [(16, 8)], Mask = [0], NewCoords = true };
        var map = Empty(6, 2, 4);
        Set(map, place: 0, [0.5f, 0.5f, 0.5f, 0.5f, 0.25f, 1]);

        Assert.Equal(
            expected, Decode(new(1, 1) { Yolo = layer }, map, (6, 2, 4), new() { ScoreThreshold = threshold }).Count);
    }

    [Fact]
    public void Decode_NothingOrNaN_FindsNothing()
    {
        using var scope = TensorScope.Begin();
        var layer = new DetectionLayerOptions(1, 1)
        {
            Yolo = new YoloLayerOptions { Classes = 1, Anchors = [(16, 8)], Mask = [0] },
        };

        Assert.Equal(0, Decode(layer, Empty(6, 2, 4), (6, 2, 4), new()).Count);
        Assert.Equal(0, Decode(layer, [.. Enumerable.Repeat(float.NaN, 48)], (6, 2, 4), new()).Count);
    }

    [Theory]
    [InlineData("default", 0.6, 1)] // IoU 0.5 > 0.45
    [InlineData("greedynms", 0.1, 2)] // 0.5 - (d^2 / c^2)^0.6 = 0.5 - (4 / 100)^0.6 = 0.355, whatever beta is
    [InlineData("diounms", 0.6, 2)]
    [InlineData("diounms", 2, 1)] // 0.5 - 0.04^2 = 0.4984
    public void Select_KindOfSuppression_DecidesOnTheDistance(string kind, double beta, int expected)
    {
        var layer = new YoloLayerOptions { Anchors = [], Mask = [], NmsKind = kind, BetaNms = beta };

        // 6 x 6 boxes, 2 apart: intersection 24, union 48. The box around both is 8 x 6.
        var kept = new DarknetNms(0.45, layer).Select(
            [new(new(3, 3, 6, 6), 0, 0.8f), new(new(5, 3, 6, 6), 0, 0.9f), new(new(5, 3, 6, 6), 1, 0.7f)]);

        Assert.Equal(expected + 1, kept.Count);
        Assert.Equal(0.9f, kept[0].Score);
        Assert.Equal(1, kept[^1].Label);
    }

    [Fact]
    public void Decode_ManyBoxes_IsTheSlowWay()
    {
        using var scope = TensorScope.Begin();
        var random = new Random(5);
        var layer = new YoloLayerOptions { Classes = 3, Anchors = [(16, 8), (8, 16)], Mask = [0, 1], ScaleXY = 1.05 };
        float[] map = [.. Enumerable.Range(0, 2 * 8 * 4 * 8).Select(_ => (random.NextSingle() * 6) - 3)];
        var decoder = new DarknetDecoder([new(3, 2) { Yolo = layer }], new() { ScoreThreshold = 0.3 });

        var candidates = decoder.Candidates([Tensor.From(map, 1, 16, 4, 8)], 0, s_input);

        var expected = (
            from anchor in Enumerable.Range(0, 2)
            from place in Enumerable.Range(0, 32)
            let values = Enumerable.Range(0, 8).Select(i => (double)map[(((anchor * 8) + i) * 32) + place]).ToArray()
            let objectness = Sigmoid(values[4])
            where objectness > 0.3
            from label in Enumerable.Range(0, 3)
            let score = objectness * Sigmoid(values[5 + label])
            where score > 0.3
            select (label, score, ((place % 8) + (Sigmoid(values[0]) * 1.05) - 0.025) / 8)).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Count, candidates.Count);
        Assert.All(candidates.Zip(expected), pair =>
        {
            Assert.Equal(pair.Second.label, pair.First.Label);
            Assert.Equal(pair.Second.score, pair.First.Score, 1e-5);
            Assert.Equal(pair.Second.Item3, pair.First.Box.X, 1e-5);
        });
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static float[] Empty(int channels, int height, int width) =>
        [.. Enumerable.Repeat(-20f, channels * height * width)];

    private static void Set(float[] map, int place, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            map[(i * (map.Length / values.Length)) + place] = values[i];
        }
    }

    private static Detections Decode(
        DetectionLayerOptions layer, float[] map, (int Channels, int Height, int Width) size, DarknetDecoderOptions options) =>
        new DarknetDecoder([layer], options).Decode(
            [Tensor.From(map, 1, size.Channels, size.Height, size.Width)], s_input, infos: null)[0];
}
