using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class PlaceDecoderTests
{
    private const int Anchors = 2;
    private const int Height = 3;
    private const int Width = 4;

    private static readonly AnchorHeadOptions s_options = new() { ClassCount = 3 };

    private static readonly AnchorGenerator s_anchors =
        new(new AnchorGeneratorOptions { Strides = [(8, 8)], Ratios = [0.5f, 2], Scales = [1], CenterOffset = 0.5 });

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 5)]
    [InlineData(true, -1)]
    public void Decode_RandomMaps_AreThoseOfTheObviousVersion(bool sigmoid, int candidates)
    {
        using var scope = TensorScope.Begin();
        var options = new AnchorHeadOptions { ClassCount = 3, SigmoidScores = sigmoid };
        var maps = RandomMaps(options, Height, Width);
        var decoder = Decoder(options, candidates);

        var found = decoder.Decode(maps);

        var (expectedBoxes, expectedScores) = Obvious(options, maps, candidates);
        Assert.Equal(expectedScores.Shape, found[0][0].Scores.Shape);
        AssertNear(expectedScores, found[0][0].Scores);
        AssertNear(expectedBoxes, found[0][0].Boxes);
    }

    // Rows 1, 4, 6, 17 and 20 of 24 count; the best of them go on, or all.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(-1)]
    public void Decode_SomeRowsCount_TheOthersAreNoCandidates(int candidates)
    {
        using var scope = TensorScope.Begin();
        var maps = RandomMaps(s_options, Height, Width);
        long[] counted = [1, 4, 6, 17, 20];
        var all = Decoder(s_options, -1).Decode(maps)[0][0];

        var found = Decoder(s_options, candidates, counted).Decode(maps)[0][0];

        var rows = Tensor.From(counted, counted.Length);
        if (candidates == 3)
        {
            rows = rows[all.Scores[rows].Max(1).Values.TopK(3).Indices];
        }

        Assert.Equal(rows.Size(0), found.Scores.Size(0));
        AssertNear(all.Scores[rows], found.Scores);
        AssertNear(all.Boxes[rows], found.Boxes);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Decode_NoRowCounts_FindsNothing(int candidates)
    {
        using var scope = TensorScope.Begin();
        var maps = RandomMaps(s_options, Height, Width);
        var decoder = Decoder(s_options, candidates, []);

        var found = decoder.Decode(maps)[0][0];
        var head = new DenseHead(new NoNetwork(), new() { ClassCount = 3, Decoder = decoder, Nms = new() });

        Assert.Equal([0, 3], found.Scores.Shape);
        Assert.Equal([0, 4], found.Boxes.Shape);
        Assert.Equal(0, head.Decode(maps, [Info()], rescale: true)[0].Count);
    }

    [Fact]
    public void Decode_BoxesOverTheEdge_AreClippedToTheImage()
    {
        using var scope = TensorScope.Begin();
        var head = Head(new(), threshold: 0);
        var info = Info() with { ImageShape = new(12, 20) };

        var found = head.Decode(RandomMaps(s_options, Height, Width), [info], rescale: false)[0];

        var boxes = found.Boxes.ToArray();
        Assert.All(boxes, coordinate => Assert.InRange(coordinate, 0, 20));
        Assert.All(boxes.Where((_, i) => i % 2 == 1), y => Assert.InRange(y, 0, 12));
        Assert.Contains(20, boxes);
        Assert.Contains(12, boxes);
    }

    [Fact]
    public void Decode_Rescale_DividesByTheScale()
    {
        using var scope = TensorScope.Begin();
        var maps = RandomMaps(s_options, Height, Width);
        var head = Head(new() { IoUThreshold = 1 });

        var inView = head.Decode(maps, [Info()], rescale: false)[0];
        var inOriginal = head.Decode(maps, [Info()], rescale: true)[0];

        AssertNear(inView.Boxes / Tensor.From([2f, 4, 2, 4], 4), inOriginal.Boxes);
    }

    [Fact]
    public void Decode_AllScoresLow_FindsNothing()
    {
        using var scope = TensorScope.Begin();
        var maps = RandomMaps(s_options, Height, Width);
        var low = new MapSet(("cls_score", [maps["cls_score"][0] - 20]), ("bbox_pred", maps["bbox_pred"]));

        var found = Head(new()).Decode(low, [Info()], rescale: true)[0];

        Assert.Equal(0, found.Count);
    }

    [Fact]
    public void DecodeViews_TheSameViewTwice_FindsTheSameBoxesOnce()
    {
        // A view and the same view again: NMS leaves one of each pair.
        using var scope = TensorScope.Begin();
        var maps = RandomMaps(s_options, Height, Width);

        var once = Head(new()).Decode(maps, [Info()], rescale: true)[0];
        var twice = Head(new()).DecodeViews([maps, maps], [Info(), Info()], rescale: true);

        Assert.Equal(once.Boxes.ToArray(), twice.Boxes.ToArray());
        Assert.Equal(once.Labels.ToInt64Array(), twice.Labels.ToInt64Array());
    }

    [Fact]
    public void Decode_Called_LeavesThreeTensors()
    {
        using var scope = TensorScope.Begin();
        var (head, maps) = (Head(new(), candidates: 5), RandomMaps(s_options, Height, Width));
        var before = Tensor.LiveCount;

        head.Decode(maps, [Info()], rescale: true);

        CountsTensors.AssertAtMost(before + 3);
    }

    private static DenseHead Head(NmsOptions nms, double threshold = 0.05, int candidates = -1) => new(new NoNetwork(), new()
    {
        ClassCount = 3,
        Decoder = Decoder(s_options, candidates),
        Nms = new() { ScoreThreshold = threshold, Nms = nms },
    });

    private static PlaceDecoder Decoder(AnchorHeadOptions options, int candidates, long[]? counted = null) => new(
        new()
        {
            ClassCount = options.ClassCount,
            SigmoidScores = options.SigmoidScores,
            CandidatesPerLevel = candidates,
        },
        new SomeBoxes(new AnchorBoxes(s_anchors, new DeltaXYWHBBoxCoder()), counted));

    // As the reference: scores of all anchors first, then the best rows.
    private static (Tensor Boxes, Tensor Scores) Obvious(AnchorHeadOptions options, MapSet maps, int candidates)
    {
        var logits = maps["cls_score"][0][0].Permute(1, 2, 0).Reshape(-1, options.ScoreCount);
        var deltas = maps["bbox_pred"][0][0].Permute(1, 2, 0).Reshape(-1, 4);
        var scores = (options.SigmoidScores ? logits.Sigmoid() : logits.Softmax(1)).Narrow(1, 0, options.ClassCount);
        var anchors = s_anchors.GridAnchors(maps.Sizes, Device.Cpu)[0];
        if (candidates > 0)
        {
            var rows = scores.Max(1).Values.TopK(candidates).Indices;
            (scores, deltas, anchors) = (scores[rows], deltas[rows], anchors[rows]);
        }

        return (new DeltaXYWHBBoxCoder().Decode(anchors, deltas), scores);
    }

    private static MapSet RandomMaps(AnchorHeadOptions options, int height, int width)
    {
        var random = new Random(5);
        return new(
            ("cls_score", [Values(random, Anchors * options.ScoreCount, height, width).Unsqueeze(0)]),
            ("bbox_pred", [Values(random, Anchors * 4, height, width).Unsqueeze(0) * 0.2]));
    }

    private static Tensor Values(Random random, int channels, int height, int width)
    {
        var values = new float[channels * height * width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return Tensor.From(values, channels, height, width);
    }

    private static ImageInfo Info() => new()
    {
        FileName = "some.jpg",
        OriginalShape = new(16, 32),
        ImageShape = new(50, 60),
        PadShape = new(64, 64),
        ScaleFactor = [2, 4, 2, 4],
    };

    private static void AssertNear(Tensor expected, Tensor actual) =>
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

    /// <summary>Boxes of which some rows count.</summary>
    private sealed class SomeBoxes(AnchorBoxes boxes, long[]? counted) : IPlaceBoxes
    {
        public Tensor[] Priors(MapSet maps) => boxes.Priors(maps);

        public Tensor? Counted(MapSet maps, in LevelPlace place) =>
            counted is null ? null : Tensor.From(counted, counted.Length);

        public Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows) =>
            boxes.Decode(maps, place, priors, rows);
    }
}
