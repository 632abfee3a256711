using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Samplers;

public sealed class PseudoSamplerTests
{
    private const string Recorded = "components/samplers.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "PseudoSampler");

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Sample_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var objects = golden.Objects();
        var assigned = golden.IntegerInput("assigned");
        var result = new AssignResult(objects.Count, assigned, Tensor.Zeros(assigned.Shape), assigned);

        var sampled = new PseudoSampler().Sample(result, golden.FloatInput("boxes"), objects);

        golden.AssertOutput("pos_inds", sampled.PositiveIndices, 0);
        golden.AssertOutput("neg_inds", sampled.NegativeIndices, 0);
        golden.AssertOutput("pos_assigned_gt_inds", sampled.PositiveObjects, 0);
        golden.AssertOutput("pos_is_gt", sampled.PositiveIsGroundTruth, 0);
        golden.AssertOutput("pos_gt_bboxes", sampled.PositiveTargets, 0);
        golden.AssertOutput("pos_gt_labels", sampled.PositiveLabels, 0);
        golden.AssertOutput("bboxes", sampled.Boxes(), 0);
    }

    [Fact]
    public void Sample_NoObjects_HasNoPositives()
    {
        using var scope = TensorScope.Begin();
        var truth = new MMDetSharp.Core.Structures.GroundTruth(
            Tensor.Zeros([0, 4]), Tensor.Zeros([0], ScalarType.Int64), Tensor.Zeros([0, 4]));
        var none = Tensor.Zeros([3], ScalarType.Int64);

        var sampled = new PseudoSampler().Sample(
            new AssignResult(0, none, Tensor.Zeros([3]), none - 1), Tensor.Zeros([3, 4]), truth);

        Assert.Equal([0, 4], sampled.PositiveTargets.Shape);
        Assert.Equal([0L, 1, 2], sampled.NegativeIndices.ToInt64Array());
    }
}
