using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.BBoxCoders;

public sealed class DeltaXYWHBBoxCoderTests
{
    private const string Recorded = "components/coders.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "DeltaXYWHBBoxCoder");

    [Fact]
    public void Encode_ShiftedAndDoubled_IsShiftAndLogarithm()
    {
        // Centre (5, 5) to (10, 5): dx = 5 / 10; width 10 to 20: dw = log 2.
        using var scope = TensorScope.Begin();
        var boxes = Tensor.From([0f, 0, 10, 10], 1, 4);
        var targets = Tensor.From([0f, 0, 20, 10], 1, 4);

        var deltas = new DeltaXYWHBBoxCoder().Encode(boxes, targets).ToArray();

        Assert.Equal([0.5f, 0, MathF.Log(2), 0], deltas);
    }

    [Fact]
    public void Decode_Encoded_IsTheTarget()
    {
        using var scope = TensorScope.Begin();
        var coder = new DeltaXYWHBBoxCoder([0.1f, 0, -0.1f, 0], [0.5f, 1, 2, 0.1f]);
        var boxes = Tensor.From([0f, 0, 10, 10, 3, 4, 40, 80], 2, 4);
        var targets = Tensor.From([2f, 1, 30, 9, 5, 4, 41, 70], 2, 4);

        var decoded = coder.Decode(boxes, coder.Encode(boxes, targets));

        Assert.All(decoded.ToArray().Zip(targets.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void Encode_FewerBoxesThanTargets_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => new DeltaXYWHBBoxCoder().Encode(Tensor.Zeros([3, 4]), Tensor.Zeros([2, 4])));

        Assert.Contains("(3, 4), got (2, 4)", error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void EncodeDecode_Recorded_AreRecorded(string name)
    {
        // The recording's clips are not in its file: maps of 100 x 120, and 0.2 as the wh_ratio_clip of "ratio".
        var shape = new ImageShape(100, 120);
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var (means, stds) = (golden.Options.Floats("target_means"), golden.Options.Floats("target_stds"));
        var coder = new DeltaXYWHBBoxCoder(means, stds);
        var (anchors, deltas) = (golden.FloatInput("anchors"), golden.FloatInput("deltas"));

        // A few float32 operations on numbers up to 1000.
        golden.AssertOutput("encode", coder.Encode(anchors, golden.FloatInput("gts")), 1e-5, 1e-6);
        golden.AssertOutput("decode", coder.Decode(anchors, deltas), 1e-4, 1e-6);
        golden.AssertOutput("decode_clip", coder.Decode(anchors, deltas, shape), 1e-4, 1e-6);
        var multi = coder.Decode(anchors, golden.FloatInput("deltas_multi"), shape);
        golden.AssertOutput("decode_multi_clip", multi, 1e-4, 1e-6);
        golden.AssertOutput("decode_ratio", new DeltaXYWHBBoxCoder(means, stds, 0.2).Decode(anchors, deltas), 1e-4, 1e-6);
    }
}
