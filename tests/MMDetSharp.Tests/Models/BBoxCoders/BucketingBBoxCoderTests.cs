using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.BBoxCoders;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class BucketingBBoxCoderTests
{
    private const string Recorded = "components/coders.safetensors";

    // (100, 100, 140, 120) grows by 1.5 to (90, 95, 150, 125): 6 strips of 10 across and 5 down, 3 to a side. Centres from
    // outside: left 95, 105, 115; right 145, 135, 125; top 97.5, 102.5, 107.5; bottom 122.5, 117.5, 112.5.
    private static readonly float[] s_box = [100, 100, 140, 120];

    private static readonly BucketingOptions s_options = new() { Buckets = 6, Scale = 1.5 };

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "BucketingBBoxCoder");

    [Fact]
    public void Encode_OneBox_EachSideHasItsBucketAndOffsets()
    {
        // Left 98: (95 - 98) / 10 = -0.3, 0.7, 1.7. Right 128: 1.7, 0.7, -0.3. Top 97.5: 0, 1, 2. Bottom 130, below all:
        // (122.5 - 130) / 5 = -1.5, -2.5, -3.5.
        using var scope = TensorScope.Begin();

        var targets = Encode(s_options, 98, 97.5f, 128, 130);

        Assert.Equal([1f, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0], targets.Labels.ToArray());
        AssertNear([-0.3f, 0.7f, 1.7f, 1.7f, 0.7f, -0.3f, 0, 1, 2, -1.5f, -2.5f, -3.5f], targets.Offsets);

        // The second nearest bucket learns its offset if that is below 1: those of 0.7 do, 1 and 2.5 do not.
        Assert.Equal([1f, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0], targets.OffsetWeights.ToArray());

        // Neighbours within less than a bucket need not be negative: those of 0.7.
        Assert.Equal([1f, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1], targets.LabelWeights.ToArray());
    }

    [Fact]
    public void Encode_OneNearestBucketAndNoneIgnored_OnlyThatOneLearnsAndAllAreScored()
    {
        using var scope = TensorScope.Begin();

        var targets = Encode(s_options with { NearestBuckets = 1, IgnoresNeighbours = false }, 98, 97.5f, 128, 130);

        Assert.Equal(targets.Labels.ToArray(), targets.OffsetWeights.ToArray());
        Assert.All(targets.LabelWeights.ToArray(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void Encode_OddNumberOfStrips_TheMiddleOneBelongsToBothSides()
    {
        // Grown (90, 95, 150, 125), 5 strips of 12 across, 3 to a side: left 96, 108, 120; right 144, 132, 120.
        using var scope = TensorScope.Begin();

        var targets = Encode(s_options with { Buckets = 5 }, 120, 110, 120, 110);

        Assert.Equal([0f, 0, 1, 0, 0, 1], targets.Labels.ToArray()[..6]);
        AssertNear([-2, -1, 0, 2, 1, 0], targets.Offsets.Narrow(1, 0, 6));
    }

    [Fact]
    public void Decode_MostProbableBuckets_GiveCentresMinusOffsets()
    {
        // Left: bucket 1, 105 - 0.5 x 10; right: bucket 0, 145 + 0.1 x 10; top: bucket 2, 107.5; bottom: bucket 0, 122.5 - 5.
        using var scope = TensorScope.Begin();
        var buckets = Row(0, 3, 0, 3, 0, 0, 0, 0, 3, 3, 0, 0);
        var offsets = Row(9, 0.5f, 9, -0.1f, 9, 9, 9, 9, 0, 1, 9, 9);

        var box = new BucketingBBoxCoder(s_options).Decode(Tensor.From(s_box, 1, 4), buckets, offsets);

        AssertNear([100, 107.5f, 146, 117.5f], box);
    }

    [Fact]
    public void Decode_Encoded_IsTheTarget()
    {
        using var scope = TensorScope.Begin();
        var coder = new BucketingBBoxCoder(new() { Buckets = 14, Scale = 3 });
        var boxes = Tensor.From([16f, 16, 48, 48, 8, 40, 40, 72], 2, 4);
        var targets = Tensor.From([10f, 20, 60, 45, 2, 30, 33, 90], 2, 4);

        var encoded = coder.Encode(boxes, targets);

        AssertNear(targets.ToArray(), coder.Decode(boxes, encoded.Labels * 10, encoded.Offsets));
    }

    [Theory]
    [InlineData(true, new[] { 100f, 107.5f, 129, 109 })]
    [InlineData(false, new[] { 100f, 107.5f, 146, 117.5f })]
    public void Decode_OverTheEdge_EndsOnTheLastPixel(bool clips, float[] expected)
    {
        using var scope = TensorScope.Begin();
        var buckets = Row(0, 3, 0, 3, 0, 0, 0, 0, 3, 3, 0, 0);
        var offsets = Row(0, 0.5f, 0, -0.1f, 0, 0, 0, 0, 0, 1, 0, 0);

        var box = new BucketingBBoxCoder(s_options with { Clips = clips })
            .Decode(Tensor.From(s_box, 1, 4), buckets, offsets, new ImageShape(110, 130));

        AssertNear(expected, box);
    }

    [Fact]
    public void Confidence_SecondBestBucket_CountsWhereItIsANeighbour()
    {
        // Probabilities 1/7, 2/7, 4/7 of logits log 1, log 2, log 4. Left: 4/7 + its neighbour's 2/7; right: 4/7 alone, since
        // 2/7 is two buckets away; top and bottom as left: (6 + 4 + 6 + 6) / 28.
        using var scope = TensorScope.Begin();
        var (one, two, four) = (0f, MathF.Log(2), MathF.Log(4));

        var confidence = new BucketingBBoxCoder(s_options).Confidence(
            Row(one, two, four, two, one, four, four, two, one, one, two, four));

        AssertNear([22f / 28], confidence);
    }

    [Fact]
    public void EncodeAndDecode_NoBoxes_AreEmpty()
    {
        using var scope = TensorScope.Begin();
        var (coder, none, numbers) = (new BucketingBBoxCoder(s_options), Tensor.Zeros([0, 4]), Tensor.Zeros([0, 12]));

        Assert.Equal([0, 12], coder.Encode(none, none).Labels.Shape);
        Assert.Equal([0, 4], coder.Decode(none, numbers, numbers).Shape);
        Assert.Equal([0], coder.Confidence(numbers).Shape);
    }

    [Fact]
    public void EncodeAndDecode_Called_LeaveTheirResults()
    {
        using var scope = TensorScope.Begin();
        var (coder, boxes, numbers) = (new BucketingBBoxCoder(s_options), Tensor.From(s_box, 1, 4), Tensor.Zeros([1, 12]));
        var before = Tensor.LiveCount;

        coder.Encode(boxes, boxes);
        coder.Decode(boxes, numbers, numbers);
        coder.Confidence(numbers);

        CountsTensors.AssertAtMost(before + 6);
    }

    [Fact]
    public void Encode_FewerTargetsThanBoxes_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => new BucketingBBoxCoder(s_options).Encode(Tensor.Zeros([3, 4]), Tensor.Zeros([2, 4])));

        Assert.Contains("(3, 4), got (2, 4)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3, 2, "num_buckets must be at least 3")]
    [InlineData(14, 0, 2, "scale_factor must be positive")]
    [InlineData(14, 3, 8, "offset_topk must be 1 to 7")]
    [InlineData(14, 3, 0, "offset_topk must be 1 to 7")]
    public void Create_OptionsThatCannotBe_SaysWhich(int buckets, double scale, int nearest, string expected)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new BucketingBBoxCoder(new() { Buckets = buckets, Scale = scale, NearestBuckets = nearest }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void EncodeDecode_Recorded_AreRecorded(string name)
    {
        // The recording's clip is not in its file: an image of 128 x 160.
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var defaults = new BucketingOptions
        {
            Buckets = (int)golden.Options.Number("num_buckets"),
            Scale = golden.Options.Number("scale_factor"),
        };
        var coder = new BucketingBBoxCoder(defaults with
        {
            NearestBuckets = (int)golden.Options.Number("offset_topk", defaults.NearestBuckets),
            LargestOffset = golden.Options.Number("offset_upperbound", defaults.LargestOffset),
            IgnoresNeighbours = golden.Options.Flag("cls_ignore_neighbor", defaults.IgnoresNeighbours),
        });
        var (boxes, buckets) = (golden.FloatInput("props"), golden.FloatInput("cls_preds"));

        var encoded = coder.Encode(boxes, golden.FloatInput("gts"));
        var decoded = coder.Decode(boxes, buckets, golden.FloatInput("offset_preds"), new ImageShape(128, 160));

        // A few float32 operations on numbers up to 500.
        golden.AssertOutput("bucket_labels", encoded.Labels, 0);
        golden.AssertOutput("cls_weights", encoded.LabelWeights, 0);
        golden.AssertOutput("offsets", encoded.Offsets, 1e-5, 1e-6);
        golden.AssertOutput("offset_weights", encoded.OffsetWeights, 0);
        golden.AssertOutput("decode", decoded, 1e-4, 1e-6);
        golden.AssertOutput("loc_score", coder.Confidence(buckets), 1e-6);
    }

    private static BucketTargets Encode(BucketingOptions options, params float[] target) =>
        new BucketingBBoxCoder(options).Encode(Tensor.From(s_box, 1, 4), Row(target));

    private static Tensor Row(params float[] values) => Tensor.From(values, 1, values.Length);

    private static void AssertNear(float[] expected, Tensor actual)
    {
        Assert.Equal(expected.Length, actual.ElementCount);
        Assert.All(expected.Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
