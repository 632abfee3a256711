using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.Fcos;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class FcosTargetsTests
{
    private static readonly FcosTargetOptions s_options = new()
    {
        ClassCount = 3,
        Strides = [8, 16],
        RegressRanges = [(-1, 16), (16, 1e8)],
    };

    [Fact]
    public void Make_TwoNestedObjects_EachPlaceLearnsTheSmallerOne()
    {
        // (12, 12) lies in both: 8 x 8 = 64 is the smaller; its distances are 4 everywhere. (20, 12) lies in the large one
        // alone: l = 20, t = 12, r = 10, b = 18; the longest, 20, belongs to the second level, so it is background.
        using var scope = TensorScope.Begin();
        var batch = Batch([0, 0, 30, 30, 8, 8, 16, 16], [0, 2]);

        var targets = new FcosTargets(s_options).Make([Points(12, 12, 20, 12), Points(24, 8)], batch);

        Assert.Equal([2L, 3], targets.Labels[0].ToInt64Array());
        Assert.Equal([4f, 4, 4, 4], targets.Distances[0].ToArray()[..4]);
        Assert.Equal([0L], targets.Labels[1].ToInt64Array());
        Assert.Equal([24f, 8, 6, 22], targets.Distances[1].ToArray());
    }

    [Fact]
    public void Make_CenterSampling_OnlyPlacesNearTheMiddleLearn()
    {
        // The centre is (20, 20); half a stride of 8 reaches from 16 to 24, its ends not included.
        using var scope = TensorScope.Begin();
        var options = s_options with { CenterSampling = true, CenterSampleRadius = 0.5, RegressRanges = [(-1, 99), (99, 1e8)] };

        var targets = new FcosTargets(options).Make(
            [Points(20, 20, 16, 20, 23, 17, 25, 20), Points(0, 0)], Batch([0, 0, 40, 40], [1]));

        Assert.Equal([1L, 3, 1, 3], targets.Labels[0].ToInt64Array());
    }

    [Fact]
    public void Make_NormOnBBox_DistancesAreInStrides()
    {
        using var scope = TensorScope.Begin();

        var targets = new FcosTargets(s_options with { NormOnBBox = true }).Make(
            [Points(8, 8), Points(8, 8)], Batch([0, 0, 16, 24], [1]));

        Assert.Equal([1f, 1, 1, 2], targets.Distances[0].ToArray());
        Assert.Equal([0.5f, 0.5f, 0.5f, 1], targets.Distances[1].ToArray());
    }

    [Fact]
    public void Make_NoObjects_AllIsBackground()
    {
        using var scope = TensorScope.Begin();

        var targets = new FcosTargets(s_options).Make([Points(4, 4), Points(8, 8)], Batch([], []));

        Assert.Equal([3L], targets.Labels[0].ToInt64Array());
        Assert.Equal(new float[4], targets.Distances[1].ToArray());
    }

    [Fact]
    public void Make_PlaceOnTheEdge_IsBackground()
    {
        using var scope = TensorScope.Begin();

        var targets = new FcosTargets(s_options).Make([Points(4, 8), Points(8, 8)], Batch([4, 4, 12, 12], [1]));

        Assert.Equal([3L], targets.Labels[0].ToInt64Array()); // l = 0
    }

    [Fact]
    public void Centerness_ByHand_IsTheRootOfTheRatios()
    {
        // sqrt(1 / 4 * 2 / 8) = 1 / 4.
        using var scope = TensorScope.Begin();

        var centerness = PlaceLosses.Centerness(Tensor.From([1f, 2, 4, 8, 3, 3, 3, 3], 2, 4));

        Assert.Equal([0.25f, 1], centerness.ToArray());
    }

    [Fact]
    public void Make_Called_LeavesItsTargetsAlone()
    {
        using var scope = TensorScope.Begin();
        var (points, batch) = (new[] { Points(4, 4), Points(8, 8) }, Batch([0, 0, 16, 16], [1]));
        var before = Tensor.LiveCount;

        new FcosTargets(s_options).Make(points, batch);

        CountsTensors.AssertAtMost(before + 4);
    }

    private static Tensor Points(params float[] coordinates) => Tensor.From(coordinates, coordinates.Length / 2, 2);

    private static Batch Batch(float[] boxes, long[] labels)
    {
        var shape = new ImageShape(40, 40);
        var info = new ImageInfo { FileName = "a.jpg", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        var truth = new GroundTruth(
            Tensor.From(boxes, labels.Length, 4), Tensor.From(labels, labels.Length), Tensor.Zeros([0, 4]));
        return new Batch(Tensor.Zeros([1, 3, 40, 40]), [info], [truth]);
    }
}
