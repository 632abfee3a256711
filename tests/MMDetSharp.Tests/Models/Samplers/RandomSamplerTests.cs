using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Samplers;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class RandomSamplerTests
{
    private const string Recorded = "components/samplers.safetensors";

    // Rows 1, 3, 5 and 8 find objects; row 6 is ignored; six are background.
    private static readonly long[] s_assigned = [0, 1, 0, 2, 0, 1, -1, 0, 2, 0, 0];

    private static readonly (long[] Positive, long[] Negative) s_first = ([1, 3, 5, 8], [0, 2, 4, 7, 9, 10]);

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "RandomSampler");

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Sample_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var objects = golden.Objects();
        var assigned = golden.IntegerInput("assigned");
        var sampler = new RandomSampler(
            new()
            {
                Count = (int)golden.Options.Number("num"),
                PositiveFraction = golden.Options.Number("pos_fraction"),
                NegativesPerPositive = golden.Options.Number("neg_pos_ub", -1),
                AddObjects = golden.Options.Flag("add_gt_as_proposals", true),
            },
            new FirstOnes());

        var sampled = sampler.Sample(
            new AssignResult(objects.Count, assigned, Tensor.Zeros(assigned.Shape), assigned), golden.FloatInput("boxes"), objects);

        golden.AssertOutput("pos_inds", sampled.PositiveIndices, 0);
        golden.AssertOutput("neg_inds", sampled.NegativeIndices, 0);
        golden.AssertOutput("pos_assigned_gt_inds", sampled.PositiveObjects, 0);
        golden.AssertOutput("pos_is_gt", sampled.PositiveIsGroundTruth, 0);
        golden.AssertOutput("pos_gt_bboxes", sampled.PositiveTargets, 0);
        golden.AssertOutput("pos_gt_labels", sampled.PositiveLabels, 0);
        golden.AssertOutput("bboxes", sampled.Boxes(), 0);
    }

    // Of 6: 6 x 0.5 = 3 positives and 6 - 3 negatives. Of 5: floor(2.5) and 5 - 2. Of 20: all 4 and all 6. With at most
    // 1.5 negatives for each of 2 positives: 3.
    [Theory]
    [InlineData(6, 0.5, -1, 3, 3)]
    [InlineData(5, 0.5, -1, 2, 3)]
    [InlineData(20, 0.5, -1, 4, 6)]
    [InlineData(20, 0.1, 1.5, 2, 3)]
    public void Sample_MoreThanWanted_TakesSoMany(int count, double fraction, double perPositive, int positives, int negatives)
    {
        using var scope = TensorScope.Begin();
        var options = new RandomSamplerOptions
        {
            Count = count,
            PositiveFraction = fraction,
            NegativesPerPositive = perPositive,
            AddObjects = false,
        };

        var sampled = Sample(options, s_assigned);

        Assert.Equal(s_first.Positive[..positives], sampled.PositiveIndices.ToInt64Array());
        Assert.Equal(s_first.Negative[..negatives], sampled.NegativeIndices.ToInt64Array());
    }

    [Fact]
    public void Sample_NoPositive_OneCountsForTheNegatives()
    {
        // At most 2 negatives for each positive, of which there is at least one.
        using var scope = TensorScope.Begin();
        var options = new RandomSamplerOptions
        {
            Count = 10,
            PositiveFraction = 0.5,
            NegativesPerPositive = 2,
            AddObjects = false,
        };

        var sampled = Sample(options, [0, 0, 0, -1, 0]);

        Assert.Equal(0, sampled.PositiveIndices.Size(0));
        Assert.Equal([0, 1], sampled.NegativeIndices.ToInt64Array());
    }

    [Fact]
    public void Sample_ObjectsToo_TheyComeFirstAndFindThemselves()
    {
        // Rows 0 and 1 are the two objects, the boxes follow: the positive ones are 1 + 2, 3 + 2, 5 + 2, 8 + 2.
        using var scope = TensorScope.Begin();
        var options = new RandomSamplerOptions { Count = 20, PositiveFraction = 0.2 };

        var sampled = Sample(options, s_assigned);

        Assert.Equal([0, 1, 3, 5], sampled.PositiveIndices.ToInt64Array());
        Assert.Equal([0, 1, 0, 1], sampled.PositiveObjects.ToInt64Array());
        Assert.Equal([1, 1, 0, 0], sampled.PositiveIsGroundTruth.ToInt64Array());
        Assert.Equal([7, 9, 7, 9], sampled.PositiveLabels.ToInt64Array());
        Assert.Equal([2, 4, 6, 9, 11, 12], sampled.NegativeIndices.ToInt64Array());
        Assert.Equal(Objects().Boxes.ToArray(), sampled.PositiveBoxes.ToArray()[..8]);
    }

    [Fact]
    public void Sample_AtRandom_EqualSeedsGiveEqualSamplesAndEveryBoxHasItsTurn()
    {
        using var scope = TensorScope.Begin();
        using var choice = new RandomChoice();
        var options = new RandomSamplerOptions { Count = 4, PositiveFraction = 0.5, AddObjects = false };
        var sampler = new RandomSampler(options, choice);
        var taken = new HashSet<long>();

        for (ulong seed = 0; seed < 50; seed++)
        {
            var (first, second) = (Draw(seed), Draw(seed));
            Assert.Equal(first.Positive, second.Positive);
            Assert.Equal(first.Negative, second.Negative);
            Assert.Equal(2, first.Positive.Intersect(s_first.Positive).Count());
            Assert.Equal(2, first.Negative.Intersect(s_first.Negative).Count());
            Assert.Equal(first.Positive.Order(), first.Positive);
            taken.UnionWith(first.Positive.Concat(first.Negative));
        }

        Assert.Equal(s_first.Positive.Concat(s_first.Negative).Order(), taken.Order());

        (long[] Positive, long[] Negative) Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            choice.UseRandomness(generator);
            var sampled = sampler.Sample(Assigned(s_assigned), Tensor.Zeros([s_assigned.Length, 4]), Objects());
            return (sampled.PositiveIndices.ToInt64Array(), sampled.NegativeIndices.ToInt64Array());
        }
    }

    [Fact]
    public void Sample_NoSourceOfRandomness_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();
        using var choice = new RandomChoice();
        var sampler = new RandomSampler(new() { Count = 2, PositiveFraction = 0.5, AddObjects = false }, choice);

        var error = Assert.Throws<InvalidOperationException>(
            () => sampler.Sample(Assigned(s_assigned), Tensor.Zeros([s_assigned.Length, 4]), Objects()));

        Assert.Contains("RandomChoice: it draws random numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_Called_LeavesItsResultOnly()
    {
        using var scope = TensorScope.Begin();
        using var choice = new RandomChoice();
        using var generator = new Generator(1);
        choice.UseRandomness(generator);
        var sampler = new RandomSampler(new() { Count = 4, PositiveFraction = 0.5 }, choice);
        var (assigned, boxes, objects) = (Assigned(s_assigned), Tensor.Zeros([s_assigned.Length, 4]), Objects());
        var before = Tensor.LiveCount;

        sampler.Sample(assigned, boxes, objects);

        CountsTensors.AssertAtMost(before + 8);
    }

    private static SamplingResult Sample(RandomSamplerOptions options, long[] assigned) =>
        new RandomSampler(options, new FirstOnes()).Sample(
            Assigned(assigned), Tensor.Zeros([assigned.Length, 4]), Objects());

    private static AssignResult Assigned(long[] indices) =>
        new(2, Tensor.From(indices, indices.Length), Tensor.Zeros([indices.Length]), Tensor.From(indices, indices.Length));

    private static GroundTruth Objects() =>
        new(Tensor.From([0f, 0, 8, 8, 4, 4, 20, 20], 2, 4), Tensor.From([7L, 9], 2), Tensor.Zeros([0, 4]));
}
