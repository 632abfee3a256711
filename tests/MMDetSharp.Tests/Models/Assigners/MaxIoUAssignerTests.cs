using System.Text.Json;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Assigners;

public sealed class MaxIoUAssignerTests
{
    private const string Recorded = "components/assigners.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "MaxIoUAssigner");

    [Fact]
    public void Assign_OneObject_PositiveNegativeAndBetween()
    {
        // IoUs with (0, 0, 10, 10): 1; 50 / 100 = 0.5; 45 / 100 = 0.45; 0.
        using var scope = TensorScope.Begin();
        var boxes = Tensor.From([0f, 0, 10, 10, 0, 0, 10, 5, 0, 0, 10, 4.5f, 20, 20, 30, 30], 4, 4);
        var assigner = new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) });

        var result = assigner.Assign(new Priors(boxes), Objects([0, 0, 10, 10], [7]));

        Assert.Equal([1, 1, -1, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([7, 7, -1, -1], result.Labels.ToInt64Array());
        Assert.Equal([1f, 0.5f, 0.45f, 0], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_LowQualityMatch_LaterObjectTakesTheBox()
    {
        // One box overlaps both objects best; the second object takes it although the first overlaps it more.
        using var scope = TensorScope.Begin();
        var boxes = Tensor.From([0f, 0, 10, 10], 1, 4);
        var assigner = new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) });

        var result = assigner.Assign(new Priors(boxes), Objects([0, 0, 10, 9, 0, 0, 10, 8], [3, 4]));

        Assert.Equal([2], result.GroundTruthIndices.ToInt64Array());
    }

    [Fact]
    public void Assign_NoBoxes_IsEmpty()
    {
        using var scope = TensorScope.Begin();
        var assigner = new MaxIoUAssigner(new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) });

        var result = assigner.Assign(new Priors(Tensor.Zeros([0, 4])), Objects([0, 0, 10, 9], [3]));

        Assert.Equal([0], result.GroundTruthIndices.Shape);
    }

    [Theory]
    [InlineData(true, true, true, 0.3)]
    [InlineData(true, false, false, 0)]
    [InlineData(false, true, true, 0.45)]
    public void Assign_RandomBoxes_IsTheObviousVersion(bool lowQuality, bool all, bool candidates, double minimum)
    {
        using var scope = TensorScope.Begin();
        var random = new Random(7);
        var options = new MaxIoUAssignerOptions
        {
            PositiveIoU = 0.5,
            NegativeIoU = (0.05, 0.4),
            MinPositiveIoU = minimum,
            AssignAllBest = all,
            IgnoreIoF = 0.5,
            IgnoreRelativeToCandidates = candidates,
            MatchLowQuality = lowQuality,
        };
        var truth = new GroundTruth(
            RandomBoxes(random, 12), Tensor.Arange(0, 12, 1, ScalarType.Int64), RandomBoxes(random, 4));
        var boxes = RandomBoxes(random, 3000);

        var result = new MaxIoUAssigner(options).Assign(new Priors(boxes), truth);

        var (indices, overlaps) = Obvious(boxes, truth, options);
        Assert.Equal(indices, result.GroundTruthIndices.ToInt64Array());
        Assert.Equal(overlaps, result.MaxOverlaps.ToArray());
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Assign_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var assigner = new MaxIoUAssigner(Options(golden.Options));

        var result = assigner.Assign(new Priors(golden.FloatInput("boxes")), golden.Objects());

        golden.AssertOutput("gt_inds", result.GroundTruthIndices, 0);
        golden.AssertOutput("max_overlaps", result.MaxOverlaps, 0);
        golden.AssertOutput("labels", result.Labels, 0);
    }

    private static MaxIoUAssignerOptions Options(JsonElement options) => new()
    {
        PositiveIoU = options.Number("pos_iou_thr"),
        NegativeIoU = options.Floats("neg_iou_thr") is { } range
            ? (options.GetProperty("neg_iou_thr")[0].GetDouble(), options.GetProperty("neg_iou_thr")[range.Length - 1].GetDouble())
            : (0, options.Number("neg_iou_thr")),
        MinPositiveIoU = options.Number("min_pos_iou"),
        AssignAllBest = options.Flag("gt_max_assign_all", true),
        IgnoreIoF = options.Number("ignore_iof_thr", -1),
        IgnoreRelativeToCandidates = options.Flag("ignore_wrt_candidates", true),
        MatchLowQuality = options.Flag("match_low_quality", true),
    };

    // Step by step on the whole (G, N) table, as in the paper.
    private static (long[] Indices, float[] Overlaps) Obvious(
        Tensor boxes, GroundTruth truth, MaxIoUAssignerOptions options)
    {
        var calculator = new BBoxOverlaps2D();
        var overlaps = calculator.Pairs(truth.Boxes, boxes);
        var ignoring = options.IgnoreRelativeToCandidates
            ? calculator.Pairs(boxes, truth.IgnoredBoxes, OverlapMode.IoF).Max(1).Values
            : calculator.Pairs(truth.IgnoredBoxes, boxes, OverlapMode.IoF).Max(0).Values;
        overlaps = overlaps.MaskedFill(ignoring.Gt(options.IgnoreIoF).Unsqueeze(0), -1);
        var (max, argMax) = overlaps.Max(0);
        var negative = max.Ge(options.NegativeIoU.From) & max.Lt(options.NegativeIoU.To);
        var indices = Tensor.Where(negative, Tensor.ZerosLike(argMax), Tensor.FullLike(argMax, -1));
        indices = Tensor.Where(max.Ge(options.PositiveIoU), argMax + 1, indices);
        var best = overlaps.Max(1).Values.ToArray();
        for (var g = 0; g < best.Length && options.MatchLowQuality; g++)
        {
            var mask = options.AssignAllBest
                ? overlaps.Select(0, g).Eq(best[g])
                : Tensor.Arange(0, boxes.Size(0), 1, ScalarType.Int64).Eq(overlaps.Select(0, g).ArgMax(0));
            indices = best[g] >= (float)options.MinPositiveIoU ? indices.MaskedFill(mask, g + 1) : indices;
        }

        return (indices.ToInt64Array(), max.ToArray());
    }

    private static Tensor RandomBoxes(Random random, int count)
    {
        var values = new float[count * 4];
        for (var i = 0; i < values.Length; i += 4)
        {
            (values[i], values[i + 1]) = (random.NextSingle() * 80, random.NextSingle() * 80);
            values[i + 2] = values[i] + 5 + (random.NextSingle() * 40);
            values[i + 3] = values[i + 1] + 5 + (random.NextSingle() * 40);
        }

        return Tensor.From(values, count, 4);
    }

    private static GroundTruth Objects(float[] boxes, long[] labels) =>
        new(Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
}
