using System.Text.Json;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.PostProcessing;

public sealed class NmsTests
{
    private const string Recorded = "components/nms_ops.safetensors";

    public static TheoryData<string> NmsCases => ComponentGolden.Names(Recorded, "nms", "soft_nms");

    public static TheoryData<string> BatchedCases => ComponentGolden.Names(Recorded, "batched_nms");

    public static TheoryData<string> MulticlassCases => ComponentGolden.Names(Recorded, "multiclass_nms");

    [Fact]
    public void GreedyNms_ThreeBoxes_DropsTheWorseOfTwoThatOverlap()
    {
        // IoU of the first two: 90 / 110 = 0.82; the third one is apart.
        float[] boxes = [0, 0, 10, 10, 0, 1, 10, 11, 20, 20, 30, 30];

        Assert.Equal([1, 2], GreedyNms.Select(boxes, [0.5f, 0.9f, 0.1f], [], new(), 0));
    }

    [Fact]
    public void GreedyNms_OverlapAtTheThreshold_Stays()
    {
        // IoU = 50 / 100, not above 0.5.
        float[] boxes = [0, 0, 10, 10, 0, 0, 10, 5];

        Assert.Equal([0, 1], GreedyNms.Select(boxes, [0.5f, 0.5f], [], new() { IoUThreshold = 0.5 }, 0));
    }

    [Fact]
    public void GreedyNms_NoBoxes_IsEmpty() => Assert.Empty(GreedyNms.Select([], [], [], new(), 0));

    [Theory]
    [InlineData(400, 0.5, 0)]
    [InlineData(1000, 0.3, 1)]
    [InlineData(2000, 0.6, 2)]
    public void GreedyNms_RandomBoxesWithTies_IsTheObviousVersion(int count, double threshold, int seed)
    {
        var (boxes, scores) = Random(count, seed);

        var kept = GreedyNms.Select(boxes, scores, [], new() { IoUThreshold = threshold }, 0);

        Assert.Equal(Obvious(boxes, scores, threshold), kept);
        Assert.Equal(kept[..20], GreedyNms.Select(boxes, scores, [], new() { IoUThreshold = threshold }, 20));
    }

    [TorchvisionFact]
    public void GreedyNms_RandomBoxes_IsTorchvision()
    {
        using var scope = TensorScope.Begin();
        var (boxes, scores) = Random(3000, 5);

        var expected = VisionOperators.Nms(Tensor.From(boxes, 3000, 4), Tensor.From(scores, 3000), 0.45);

        var kept = GreedyNms.Select(boxes, scores, [], new() { IoUThreshold = 0.45 }, 0);
        Assert.Equal(expected.ToInt64Array(), kept.Select(row => (long)row));
    }

    [Theory]
    [InlineData(false, 10000)]
    [InlineData(false, 100)]
    [InlineData(true, 10000)]
    public void BatchedNms_Classes_IsTheObviousVersionOnShiftedBoxes(bool negative, int split)
    {
        var (boxes, scores) = Random(1500, 6);
        var random = new Random(9);
        var labels = scores.Select(_ => random.Next(5)).ToArray();
        boxes = negative ? Array.ConvertAll(boxes, value => value - 30) : boxes;
        var shift = boxes.Max() + 1;
        var shifted = boxes.Select((value, i) => value + (labels[i / 4] * shift)).ToArray();

        var (rows, _) = BatchedNms.Select(boxes, scores, labels, new() { SplitThreshold = split });

        Assert.Equal(Obvious(shifted, scores, 0.5), rows);
    }

    [Fact]
    public void MulticlassNms_NothingAboveTheThreshold_IsEmpty()
    {
        using var scope = TensorScope.Begin();

        var found = new MulticlassNms(new()).Select(Tensor.Zeros([3, 4]), Tensor.Zeros([3, 2]));

        Assert.Equal(0, found.Count);
    }

    [Fact]
    public void MulticlassNms_NoBoxes_IsEmpty()
    {
        using var scope = TensorScope.Begin();

        var found = new MulticlassNms(new()).Select(Tensor.Zeros([0, 4]), Tensor.Zeros([0, 2]));

        Assert.Equal(0, found.Count);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(NmsCases))]
    [Trait("Category", "Golden")]
    public void Nms_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var (boxes, scores) = (golden.FloatInput("boxes"), golden.FloatInput("scores"));
        var options = Options(golden.Options, golden.Op);

        var (rows, kept) = BatchedNms.Select(
            boxes.ToArray(), scores.ToArray(), new int[scores.ElementCount], options with { ClassAgnostic = true });

        AssertRows(golden, "inds", rows, kept, boxes);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(BatchedCases))]
    [Trait("Category", "Golden")]
    public void BatchedNms_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var boxes = golden.FloatInput("boxes");
        var labels = golden.File.Int32s(golden.In("idxs"));

        var (rows, kept) = BatchedNms.Select(
            boxes.ToArray(), golden.FloatInput("scores").ToArray(), labels,
            Options(golden.Options, golden.Options.Text("type")));

        AssertRows(golden, "keep", rows, kept, boxes);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(MulticlassCases))]
    [Trait("Category", "Golden")]
    public void MulticlassNms_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var scores = golden.FloatInput("scores"); // the last column is background
        var nms = new MulticlassNms(new()
        {
            ScoreThreshold = golden.Options.Number("score_thr"),
            Nms = new() { IoUThreshold = golden.Options.Number("iou_threshold", 0.5) },
            MaxPerImage = (int)golden.Options.Number("max_num", -1),
        });

        var found = nms.Select(
            golden.FloatInput("boxes"), scores.Narrow(1, 0, scores.Size(1) - 1), golden.OptionalInput("factors"));

        golden.AssertOutput("dets", Tensor.Cat(1, found.Boxes, found.Scores.Unsqueeze(1)), 1e-6);
        golden.AssertOutput("labels", found.Labels, 0);
    }

    private static void AssertRows(GoldenCase golden, string name, int[] rows, float[] scores, Tensor boxes)
    {
        var index = Tensor.From(rows.Select(row => (long)row).ToArray(), rows.Length);
        golden.AssertOutput(name, index, 0);
        var detections = Tensor.Cat(1, boxes[index], Tensor.From(scores, rows.Length, 1));
        golden.AssertOutput("dets", detections, 1e-6); // exp of another library
    }

    private static NmsOptions Options(JsonElement options, string type) => new()
    {
        Method = type == "soft_nms"
            ? Enum.Parse<NmsMethod>("Soft" + options.Text("method", "linear"), ignoreCase: true)
            : NmsMethod.Greedy,
        IoUThreshold = options.Number("iou_threshold", 0.3),
        Sigma = options.Number("sigma", 0.5),
        MinScore = options.Number("min_score", 1e-3),
        Offset = (int)options.Number("offset"),
        SplitThreshold = (int)options.Number("split_thr", 10000),
        ClassAgnostic = options.Flag("class_agnostic", false),
    };

    // Quadratic, as in the textbook; float32 as the reference.
    private static int[] Obvious(float[] boxes, float[] scores, double threshold)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        var kept = new List<int>();
        foreach (var i in order)
        {
            if (kept.TrueForAll(j => IoU(boxes.AsSpan(j * 4, 4), boxes.AsSpan(i * 4, 4)) <= threshold))
            {
                kept.Add(i);
            }
        }

        return [.. kept];
    }

    private static float IoU(Span<float> a, Span<float> b)
    {
        var overlap = MathF.Max(0, MathF.Min(a[2], b[2]) - MathF.Max(a[0], b[0]))
            * MathF.Max(0, MathF.Min(a[3], b[3]) - MathF.Max(a[1], b[1]));
        return overlap / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - overlap);
    }

    private static (float[] Boxes, float[] Scores) Random(int count, int seed)
    {
        var random = new Random(seed);
        var boxes = new float[count * 4];
        for (var i = 0; i < boxes.Length; i += 4)
        {
            (boxes[i], boxes[i + 1]) = (random.NextSingle() * 100, random.NextSingle() * 100);
            boxes[i + 2] = boxes[i] + 1 + (random.NextSingle() * 40);
            boxes[i + 3] = boxes[i + 1] + 1 + (random.NextSingle() * 40);
        }

        // A hundred different scores: many ties.
        return (boxes, [.. Enumerable.Range(0, count).Select(_ => random.Next(100) / 100f)]);
    }
}
