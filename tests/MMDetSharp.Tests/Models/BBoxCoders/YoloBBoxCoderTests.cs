using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.BBoxCoders;

public sealed class YoloBBoxCoderTests
{
    private const string Recorded = "components/coders.safetensors";

    // The recording decoded with one stride for all boxes; it is not in its file.
    private const int DecodeStride = 16;

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "YOLOBBoxCoder");

    [Fact]
    public void Encode_CentreInTheCellsQuarter_IsItsPlaceAndLogarithms()
    {
        // The anchor stands on (16, 16), the centre of the cell (0, 0) - (32, 32); the object's centre is (8, 24), a
        // quarter and three quarters of the cell. Width 64 of 32: log 2; height 16 of 32: log 0.5.
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 32, 32], 1, 4);
        var targets = Tensor.From([-24f, 16, 40, 32], 1, 4);

        var encoded = new YoloBBoxCoder().Encode(anchors, targets, Tensor.From([32f], 1)).ToArray();

        Assert.Equal([0.25f, 0.75f, MathF.Log(2), MathF.Log(0.5f)], encoded);
    }

    [Fact]
    public void Encode_MiddleOutsideTheCell_StaysInside()
    {
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 32, 32], 1, 4);
        var targets = Tensor.From([100f, -100, 120, -80], 1, 4);

        var encoded = new YoloBBoxCoder(epsilon: 0.01).Encode(anchors, targets, Tensor.From([32f], 1)).ToArray();

        Assert.Equal([0.99f, 0.01f], encoded[..2]);
    }

    [Fact]
    public void Decode_ScaledCentre_LeavesTheCell()
    {
        // s = 1.2: sigmoid 1 becomes 1.2 - 0.1 = 1.1 cells from the corner, 35.2 pixels of stride 32; sigmoid 0 becomes
        // -0.1 cells, -3.2 pixels. Width 32 e^0, height 32 e^0: 16 on each side.
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 32, 32], 1, 4);

        var box = new YoloBBoxCoder(1.2).Decode(anchors, Tensor.From([1f, 0, 0, 0], 1, 4), 32).ToArray();

        Assert.All(box.Zip([19.2f, -19.2f, 51.2f, 12.8f]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Decode_Encoded_IsTheTarget()
    {
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([0f, 0, 32, 32, 40, 30, 72, 66], 2, 4);
        var targets = Tensor.From([3f, 4, 40, 28, 44, 41, 60, 62], 2, 4);
        var coder = new YoloBBoxCoder();

        var decoded = coder.Decode(anchors, coder.Encode(anchors, targets, Tensor.From([32f], 1)), 32);

        Assert.All(decoded.ToArray().Zip(targets.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void Encode_FewerTargetsThanAnchors_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(() =>
            new YoloBBoxCoder().Encode(Tensor.Zeros([3, 4]), Tensor.Zeros([2, 4]), Tensor.From([32f], 1)));

        Assert.Contains("Pick one target per anchor", error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void EncodeDecode_Recorded_AreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var coder = new YoloBBoxCoder(golden.Options.Number("scale_x_y", 1));
        var anchors = golden.FloatInput("anchors");

        var encoded = coder.Encode(anchors, golden.FloatInput("gts"), golden.FloatInput("stride"));
        var decoded = coder.Decode(anchors, golden.FloatInput("pred"), DecodeStride);

        // A few float32 operations on numbers up to 1000.
        golden.AssertOutput("encode", encoded, 1e-5, 1e-6);
        golden.AssertOutput("decode", decoded, 1e-4, 1e-6);
    }
}
