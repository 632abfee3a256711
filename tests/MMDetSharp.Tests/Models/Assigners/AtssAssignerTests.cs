using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Assigners;

public sealed class AtssAssignerTests
{
    private const string Recorded = "components/assigners.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "ATSSAssigner");

    [Fact]
    public void Assign_OneObject_ThoseAboveMeanPlusDeviationAreItsOwn()
    {
        // Candidates of (0, 0, 10, 10): IoU 1, 0.5 (its half) and 1 / 3 (5 pixels right: 50 / 150); the far one is not among
        // the three nearest. Mean 0.6111, deviation 0.3469: the threshold is 0.958.
        using var scope = TensorScope.Begin();

        var result = Assign([0, 0, 10, 10, 0, 0, 10, 5, 5, 0, 15, 10, 40, 40, 50, 50], [0, 0, 10, 10], topK: 3);

        Assert.Equal([1, 0, 0, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([7, -1, -1, -1], result.Labels.ToInt64Array());
        Assert.Equal([1f, -1e8f, -1e8f, -1e8f], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_CentreOutsideTheObject_IsBackground()
    {
        // Two candidates of equal IoU 1 / 3 (50 / 150): the threshold is 1 / 3; both centres lie on the object's edge.
        using var scope = TensorScope.Begin();

        var result = Assign([5, 0, 15, 10, -5, 0, 5, 10], [0, 0, 10, 10], topK: 2);

        Assert.Equal([0, 0], result.GroundTruthIndices.ToInt64Array());
    }

    [Fact]
    public void Assign_PriorOfTwoObjects_LearnsTheOneThatItOverlapsMost()
    {
        // IoU 0.8 and 0.9; five more candidates have none, so that the thresholds are 0.46 and 0.52.
        using var scope = TensorScope.Begin();
        float[] far = [.. Enumerable.Repeat<float[]>([40, 40, 50, 50], 5).SelectMany(box => box)];

        var result = Assign([0, 0, 10, 10, .. far], [0, 0, 10, 8, 0, 0, 10, 9], topK: 6);

        Assert.Equal(2, result.GroundTruthIndices.ToInt64Array()[0]);
    }

    [Fact]
    public void Assign_OneCandidate_HasNoDeviationAndIsBackground()
    {
        using var scope = TensorScope.Begin();

        Assert.Equal([0], Assign([0, 0, 10, 10], [0, 0, 10, 10], topK: 9).GroundTruthIndices.ToInt64Array());
    }

    [Fact]
    public void Assign_NoObject_AllIsBackground()
    {
        using var scope = TensorScope.Begin();

        var result = Assign([0, 0, 10, 10, 5, 5, 15, 15], [], topK: 9);

        Assert.Equal([0, 0], result.GroundTruthIndices.ToInt64Array());
        Assert.Equal([0f, 0], result.MaxOverlaps.ToArray());
    }

    [Fact]
    public void Assign_PriorsWithoutLevels_AreRefused()
    {
        using var scope = TensorScope.Begin();
        var truth = new GroundTruth(Tensor.Zeros([0, 4]), Tensor.Zeros([0], ScalarType.Int64), Tensor.Zeros([0, 4]));

        var error = Assert.Throws<ArgumentException>(
            () => new AtssAssigner(new() { TopK = 9 }).Assign(new Priors(Tensor.Zeros([3, 4])), truth));

        Assert.Contains("the levels must hold all 3 priors, got 0", error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    public void Assign_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var levels = golden.Options.GetProperty("num_level_bboxes").EnumerateArray().Select(
            count => new PriorLevel(count.GetInt64(), 8));
        var assigner = new AtssAssigner(new()
        {
            TopK = (int)golden.Options.Number("topk"),
            IgnoreIoF = golden.Options.Number("ignore_iof_thr", -1),
        });

        var result = assigner.Assign(new Priors(golden.FloatInput("boxes")) { Levels = [.. levels] }, golden.Objects());

        golden.AssertOutput("gt_inds", result.GroundTruthIndices, 0);
        golden.AssertOutput("labels", result.Labels, 0);
        golden.AssertOutput("max_overlaps", result.MaxOverlaps, 1e-6);
    }

    private static AssignResult Assign(float[] priors, float[] objects, int topK)
    {
        var (boxes, count) = (Tensor.From(priors, priors.Length / 4, 4), objects.Length / 4);
        var truth = new GroundTruth(
            Tensor.From(objects, count, 4), Tensor.From([.. Enumerable.Repeat(7L, count)], count), Tensor.Zeros([0, 4]));
        return new AtssAssigner(new() { TopK = topK }).Assign(
            new Priors(boxes) { Levels = [new(boxes.Size(0), 8)] }, truth);
    }
}
