using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Assigners;

public sealed class ApproxMaxIoUAssignerTests
{
    private const string Recorded = "components/assigners.safetensors";

    private static readonly MaxIoUAssignerOptions s_options = new() { PositiveIoU = 0.5, NegativeIoU = (0, 0.4) };

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "ApproxMaxIoUAssigner");

    [Fact]
    public void Assign_TwoShapesEach_TheBetterOneCounts()
    {
        // The object is (0, 0, 10, 10). First prior: IoU 0 and 60 / 100; second: 30 / 100 and 45 / 100; third: 0 and 20 / 100.
        using var scope = TensorScope.Begin();
        float[] shapes =
        [
            20, 20, 30, 30, 0, 0, 10, 6,
            0, 0, 10, 3, 0, 0, 10, 4.5f,
            20, 20, 30, 30, 0, 0, 10, 2,
        ];

        var result = Assign(Tensor.Zeros([3, 4]), shapes, Objects([0, 0, 10, 10], [7]));

        Assert.Equal([1, -1, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([7, -1, -1], result.Labels.ToInt64Array());
        Assert.Equal([0.6f, 0.45f, 0.2f], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_IgnoredBox_IsComparedWithThePriorAndNotWithItsShapes()
    {
        // The first prior lies in the ignored box, its shapes do not; with the second one it is the other way round.
        using var scope = TensorScope.Begin();
        var priors = Tensor.From([50f, 50, 60, 60, 0, 0, 10, 10], 2, 4);
        var truth = new GroundTruth(
            Tensor.From([0f, 0, 10, 10], 1, 4), Tensor.From([7L], 1), Tensor.From([40f, 40, 70, 70], 1, 4));

        var result = Assign(
            priors, [0, 0, 10, 10, 0, 0, 10, 9, 0, 0, 10, 8, 45, 45, 60, 60], truth, s_options with { IgnoreIoF = 0.5 });

        Assert.Equal([-1, 1], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([-1f, 0.8f], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_ThePriorItselfAsItsShape_IsTheUsualAssigner()
    {
        using var scope = TensorScope.Begin();
        var (boxes, truth) = (RandomBoxes(300, 1), Objects(RandomBoxes(9, 2).ToArray(), [0, 1, 2, 3, 4, 5, 6, 7, 8]));

        var result = Assign(boxes, boxes.ToArray(), truth);

        var expected = new MaxIoUAssigner(s_options).Assign(new Priors(boxes), truth);
        Assert.Equal(expected.GroundTruthIndices.ToInt64Array(), result.GroundTruthIndices.ToInt64Array());
        Assert.Equal(expected.MaxOverlaps.ToArray(), result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_RandomShapes_IsTheObviousVersion()
    {
        using var scope = TensorScope.Begin();
        var (boxes, shapes) = (RandomBoxes(400, 3), RandomBoxes(1200, 4));
        var truth = Objects(RandomBoxes(8, 5).ToArray(), [0, 1, 2, 3, 4, 5, 6, 7]);

        var result = Assign(boxes, shapes.ToArray(), truth);

        // Step by step on the whole (G, N, A) table.
        var overlaps = new BBoxOverlaps2D().Pairs(truth.Boxes, shapes).Reshape(8, 400, 3).AMax(2); // (G, N)
        var (max, argMax) = overlaps.Max(0);
        var indices = Tensor.Where(max.Lt(0.4), Tensor.ZerosLike(argMax), Tensor.FullLike(argMax, -1));
        indices = Tensor.Where(max.Ge(0.5), argMax + 1, indices);
        for (var g = 0; g < 8; g++)
        {
            var own = overlaps.Select(0, g);
            indices = indices.MaskedFill(own.Eq(own.Max()), g + 1);
        }

        Assert.Equal(indices.ToInt64Array(), result.GroundTruthIndices.ToInt64Array());
        Assert.Equal(max.ToArray(), result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_NoObject_AllIsBackground()
    {
        using var scope = TensorScope.Begin();

        var result = Assign(Tensor.Zeros([2, 4]), [0, 0, 10, 10, 5, 5, 9, 9], Objects([], []));

        Assert.Equal([0, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([0f, 0], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_NoPriors_IsEmpty()
    {
        using var scope = TensorScope.Begin();

        Assert.Equal([0], Assign(Tensor.Zeros([0, 4]), [], Objects([0, 0, 10, 10], [7])).GroundTruthIndices.Shape);
    }

    [Fact]
    public void Assign_WithoutShapesOrWithSomeMissing_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();
        var (priors, truth) = (Tensor.Zeros([2, 4]), Objects([0, 0, 10, 10], [7]));

        var none = Assert.Throws<ArgumentException>(
            () => new ApproxMaxIoUAssigner(s_options).Assign(new Priors(priors), truth));
        var missing = Assert.Throws<ArgumentException>(() => Assign(priors, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], truth));

        Assert.Contains("Take MaxIoUAssigner", none.Message, StringComparison.Ordinal);
        Assert.Contains("each of the 2 priors must have as many shapes, got 3", missing.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Assign_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var options = new MaxIoUAssignerOptions
        {
            PositiveIoU = golden.Options.Number("pos_iou_thr"),
            NegativeIoU = (0, golden.Options.Number("neg_iou_thr")),
            MinPositiveIoU = golden.Options.Number("min_pos_iou"),
            IgnoreIoF = golden.Options.Number("ignore_iof_thr", -1),
        };

        var result = Assign(
            golden.FloatInput("squares"), golden.FloatInput("approxs").ToArray(), golden.Objects(), options);

        golden.AssertOutput("gt_inds", result.GroundTruthIndices, 0);
        golden.AssertOutput("max_overlaps", result.MaxOverlaps, 0);
        golden.AssertOutput("labels", result.Labels, 0);
    }

    private static AssignResult Assign(
        Tensor priors, float[] shapes, GroundTruth truth, MaxIoUAssignerOptions? options = null) =>
        new ApproxMaxIoUAssigner(options ?? s_options).Assign(
            new Priors(priors) { Approximations = Tensor.From(shapes, shapes.Length / 4, 4) }, truth);

    private static Tensor RandomBoxes(int count, int seed)
    {
        var random = new Random(seed);
        float[] values =
        [
            .. Enumerable.Range(0, count).SelectMany(_ =>
            {
                var (x, y) = (random.NextSingle() * 80, random.NextSingle() * 80);
                return (float[])[x, y, x + 5 + (random.NextSingle() * 40), y + 5 + (random.NextSingle() * 40)];
            }),
        ];
        return Tensor.From(values, count, 4);
    }

    private static GroundTruth Objects(float[] boxes, long[] labels) =>
        new(Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
}
