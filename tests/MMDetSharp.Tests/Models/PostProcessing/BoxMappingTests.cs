using System.Text.Json;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.PostProcessing;

public sealed class BoxMappingTests
{
    private const string Recorded = "components/coders.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "bbox_mapping/bbox_mapping_back");

    [Theory]
    [InlineData(FlipDirection.None, 1, 2, 3, 5)]
    [InlineData(FlipDirection.Horizontal, 17, 2, 19, 5)] // 20 - 3, 20 - 1
    [InlineData(FlipDirection.Vertical, 1, 5, 3, 8)] // 10 - 5, 10 - 2
    [InlineData(FlipDirection.Diagonal, 17, 5, 19, 8)]
    public void Flip_Direction_MirrorsInsideTheImage(FlipDirection direction, float x1, float y1, float x2, float y2)
    {
        using var scope = TensorScope.Begin();

        var flipped = BoxMapping.Flip(Tensor.From([1f, 2, 3, 5], 1, 4), new ImageShape(10, 20), direction);

        Assert.Equal([x1, y1, x2, y2], flipped.ToArray());
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Mapping_Recorded_IsRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var info = Info(golden.Options);

        golden.AssertOutput("fwd", BoxMapping.ToView(golden.FloatInput("boxes"), info), 1e-5, 1e-6);
        golden.AssertOutput("back", BoxMapping.ToOriginal(golden.FloatInput("boxes"), info), 1e-5, 1e-6);
    }

    private static ImageInfo Info(JsonElement options)
    {
        var shape = options.GetProperty("img_shape");
        var image = new ImageShape(shape[0].GetInt32(), shape[1].GetInt32());
        return new()
        {
            FileName = "recorded",
            OriginalShape = image,
            ImageShape = image,
            PadShape = image,
            ScaleFactor = options.Floats("scale_factor")!,
            FlipDirection = Enum.Parse<FlipDirection>(options.Text("flip_direction"), ignoreCase: true),
        };
    }
}
