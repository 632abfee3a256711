using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.BBoxCoders;

public sealed class YoloV5BBoxCoderTests
{
    private const string Recorded = "components/coders.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "YOLOV5BBoxCoder");

    [Fact]
    public void Decode_ExtremePredictions_StayWithinHalfACellAndFourAnchors()
    {
        // YOLOv5: x = (2 s - 0.5 + cell) stride: s = 1 gives 1.5 cells, 48 pixels of stride 32; s = 0 gives -16.
        // w = (2 s)^2 anchors: s = 1 (t = 100) gives 4 anchors of 8 pixels; s = 0.5 (t = 0) gives 1.
        using var scope = TensorScope.Begin();
        var anchors = Tensor.From([12f, 12, 20, 20], 1, 4);

        var box = new YoloV5BBoxCoder().Decode(anchors, Tensor.From([1f, 0, 100, 0], 1, 4), 32).ToArray();

        Assert.All(box.Zip([48f - 16, -16f - 4, 48 + 16, -16 + 4]), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void EncodeDecode_Recorded_AreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var coder = new YoloV5BBoxCoder();

        var encoded = coder.Encode(
            golden.FloatInput("anchors"), golden.FloatInput("gts"), golden.FloatInput("stride"));
        var decoded = coder.Decode(
            golden.FloatInput("grid_anchors"), golden.FloatInput("pred"), (int)golden.Options.Number("decode_stride"));

        // A few float32 operations on numbers up to 1000.
        golden.AssertOutput("encode", encoded, 1e-5, 1e-6);
        golden.AssertOutput("decode", decoded, 1e-4, 1e-6);
    }
}
