using System.Text.Json;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Assigners;

public sealed class GridAssignerTests
{
    private const string Recorded = "components/assigners.safetensors";

    private static readonly GridAssignerOptions s_options = new() { PositiveIoU = 0.5, NegativeIoU = (-1, 0.5) };

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "GridAssigner");

    [Fact]
    public void Assign_OneObject_OnlyResponsibleAnchorsLearn()
    {
        // IoUs with (0, 0, 10, 10): 1, 0.6, 0.6, 0.4, 0. The first is not responsible: it overlaps too much to be
        // background. Of the second and third, equal, only the second is responsible and above 0.5.
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From(
            [0f, 0, 10, 10, 0, 0, 10, 6, 0, 0, 6, 10, 0, 0, 10, 4, 20, 20, 30, 30], 5, 4);

        var result = new GridAssigner(s_options).Assign(
            new(anchors) { Responsible = [false, true, false, true, false] }, Objects([0, 0, 10, 10], [7]));

        Assert.Equal([-1, 1, -1, 0, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([-1, 7, -1, -1, -1], result.Labels.ToInt64Array());
        Assert.Equal([-1f, 0.6f, -1, 0.4f, -1], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_NoAnchorOverlapsEnough_TheBestResponsibleOneLearns()
    {
        // IoUs 0.2 and 0.1, both responsible: the first learns, though it is below 0.5.
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 10, 2, 0, 0, 10, 1], 2, 4);

        var result = new GridAssigner(s_options).Assign(
            new(anchors) { Responsible = [true, true] }, Objects([0, 0, 10, 10], [0]));

        Assert.Equal([1, 0], result.GroundTruthIndices.ToInt64Array());
    }

    [Theory]
    [InlineData(true, new long[] { 1, 1 })]
    [InlineData(false, new long[] { 1, 0 })]
    public void Assign_EquallyGoodAnchors_AllOrTheFirst(bool all, long[] expected)
    {
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 10, 2, 0, 0, 2, 10], 2, 4);

        var result = new GridAssigner(s_options with { AssignAllBest = all }).Assign(
            new(anchors) { Responsible = [true, true] }, Objects([0, 0, 10, 10], [0]));

        Assert.Equal(expected, result.GroundTruthIndices.ToInt64Array());
    }

    [Fact]
    public void Assign_NoObject_AllBackground()
    {
        using var scope = TensorScope.Begin();

        var result = new GridAssigner(s_options).Assign(
            new(Tensor.Zeros([3, 4])) { Responsible = new bool[3] }, Objects([], []));

        Assert.Equal([0, 0, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([0f, 0, 0], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_WithoutResponsibleFlags_SaysSo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => new GridAssigner(s_options).Assign(new(Tensor.Zeros([3, 4])), Objects([], [])));

        Assert.Contains("Say of each anchor whether its cell is responsible", error.Message);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Assign_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var assigner = new GridAssigner(Options(golden.Options));

        var result = assigner.Assign(
            new(golden.FloatInput("boxes")) { Responsible = golden.File.Bools(golden.In("flags")) }, golden.Objects());

        golden.AssertOutput("gt_inds", result.GroundTruthIndices, 0);
        golden.AssertOutput("max_overlaps", result.MaxOverlaps, 0);
        golden.AssertOutput("labels", result.Labels, 0);
    }

    private static GridAssignerOptions Options(JsonElement options) => new()
    {
        PositiveIoU = options.Number("pos_iou_thr"),
        NegativeIoU = options.GetProperty("neg_iou_thr") is { ValueKind: JsonValueKind.Array } range
            ? (range[0].GetDouble(), range[1].GetDouble())
            : (-1, options.Number("neg_iou_thr")),
        MinPositiveIoU = options.Number("min_pos_iou"),
        AssignAllBest = options.Flag("gt_max_assign_all", true),
    };

    private static GroundTruth Objects(float[] boxes, long[] labels) => new(
        Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
}
