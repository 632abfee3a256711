using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

[Collection(CountsTensors.Name)]
public sealed class AnchorDecoderTests
{
    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 5)]
    [InlineData(true, -1)]
    public void Candidates_RandomMaps_AreThoseOfTheObviousVersion(bool sigmoid, int candidates)
    {
        using var scope = TensorScope.Begin();
        var head = new AnchorHeadOptions { ClassCount = 3, SigmoidScores = sigmoid };
        var level = RandomLevel(head, anchors: 2, height: 3, width: 4);
        var decoder = new AnchorDecoder(head, new DeltaXYWHBBoxCoder(), new() { CandidatesPerLevel = candidates });

        var (boxes, scores) = decoder.Candidates([level], Info());

        var (expectedBoxes, expectedScores) = Obvious(head, level, candidates);
        Assert.Equal(expectedScores.Shape, scores.Shape);
        AssertNear(expectedScores, scores);
        AssertNear(expectedBoxes, boxes);
    }

    [Fact]
    public void Decode_Rescale_DividesByTheScale()
    {
        using var scope = TensorScope.Begin();
        var head = new AnchorHeadOptions { ClassCount = 3 };
        var level = RandomLevel(head, anchors: 2, height: 3, width: 4);
        var decoder = new AnchorDecoder(
            head, new DeltaXYWHBBoxCoder(), new() { Nms = new() { Nms = new() { IoUThreshold = 1 } } });

        var inView = decoder.Decode([level], Info(), rescale: false);
        var inOriginal = decoder.Decode([level], Info(), rescale: true);

        AssertNear(inView.Boxes / Tensor.From([2f, 4, 2, 4], 4), inOriginal.Boxes);
    }

    [Fact]
    public void Decode_AllScoresLow_FindsNothing()
    {
        using var scope = TensorScope.Begin();
        var head = new AnchorHeadOptions { ClassCount = 3 };
        var level = RandomLevel(head, 1, 2, 2) with { Scores = Tensor.Full([3, 2, 2], -20) };

        var found = new AnchorDecoder(head, new DeltaXYWHBBoxCoder(), new()).Decode([level], Info(), rescale: true);

        Assert.Equal(0, found.Count);
    }

    [Fact]
    public void Decode_MirroredTwice_FindsTheSameBoxesOnce()
    {
        // A view and the same view again: NMS leaves one of each pair.
        using var scope = TensorScope.Begin();
        var head = new AnchorHeadOptions { ClassCount = 3 };
        var level = RandomLevel(head, 1, 3, 4);
        var decoder = new AnchorDecoder(head, new DeltaXYWHBBoxCoder(), new());
        (IReadOnlyList<AnchorLevel>, ImageInfo) view = ([level], Info());

        var once = decoder.Decode([level], Info(), rescale: true);
        var twice = decoder.Decode([view, view], rescale: true);

        Assert.Equal(once.Boxes.ToArray(), twice.Boxes.ToArray());
        Assert.Equal(once.Labels.ToInt64Array(), twice.Labels.ToInt64Array());
    }

    [Fact]
    public void Decode_Called_LeavesThreeTensors()
    {
        using var scope = TensorScope.Begin();
        var head = new AnchorHeadOptions { ClassCount = 3 };
        var level = RandomLevel(head, 2, 3, 4);
        var decoder = new AnchorDecoder(head, new DeltaXYWHBBoxCoder(), new() { CandidatesPerLevel = 5 });
        var before = Tensor.LiveCount;

        decoder.Decode([level], Info(), rescale: true);

        Assert.Equal(before + 3, Tensor.LiveCount);
    }

    // As the reference: scores of all anchors first, then the best rows.
    private static (Tensor Boxes, Tensor Scores) Obvious(AnchorHeadOptions head, AnchorLevel level, int candidates)
    {
        var logits = level.Scores.Permute(1, 2, 0).Reshape(-1, head.ScoreCount);
        var deltas = level.Deltas.Permute(1, 2, 0).Reshape(-1, 4);
        var scores = (head.SigmoidScores ? logits.Sigmoid() : logits.Softmax(1)).Narrow(1, 0, head.ClassCount);
        var anchors = level.Anchors;
        if (candidates > 0)
        {
            var rows = scores.Max(1).Values.TopK(candidates).Indices;
            (scores, deltas, anchors) = (scores[rows], deltas[rows], anchors[rows]);
        }

        return (new DeltaXYWHBBoxCoder().Decode(anchors, deltas, Info().ImageShape), scores);
    }

    private static AnchorLevel RandomLevel(AnchorHeadOptions head, int anchors, int height, int width)
    {
        var random = new Random(5);
        var count = anchors * height * width;
        var boxes = new float[count * 4];
        for (var i = 0; i < boxes.Length; i += 4)
        {
            (boxes[i], boxes[i + 1]) = (random.NextSingle() * 40, random.NextSingle() * 40);
            (boxes[i + 2], boxes[i + 3]) = (boxes[i] + 20, boxes[i + 1] + 10);
        }

        return new AnchorLevel(
            Values(random, anchors * head.ScoreCount, height, width),
            Values(random, anchors * 4, height, width),
            Tensor.From(boxes, count, 4));
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
}
