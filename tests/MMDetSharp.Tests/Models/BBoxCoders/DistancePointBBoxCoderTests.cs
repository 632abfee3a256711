using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.BBoxCoders;

public sealed class DistancePointBBoxCoderTests
{
    [Fact]
    public void Decode_OfEncode_IsTheBox()
    {
        using var scope = TensorScope.Begin();
        var (points, boxes) = (Tensor.From([5f, 6], 1, 2), Tensor.From([1f, 2, 8, 20], 1, 4));

        var distances = DistancePointBBoxCoder.Encode(points, boxes);

        Assert.Equal([4f, 4, 3, 14], distances.ToArray());
        Assert.Equal(boxes.ToArray(), DistancePointBBoxCoder.Decode(points, distances).ToArray());
    }

    [Fact]
    public void Encode_WithALimit_IsClamped()
    {
        using var scope = TensorScope.Begin();

        var distances = DistancePointBBoxCoder.Encode(
            Tensor.From([5f, 6], 1, 2), Tensor.From([6f, 2, 8, 20], 1, 4), maxDistance: 4);

        Assert.Equal([0f, 3.9f, 3, 3.9f], distances.ToArray());
    }

    [Fact]
    public void GridPoints_Centered_StandInTheMiddleOfTheirCells()
    {
        using var scope = TensorScope.Begin();

        var points = new PointGenerator([8], isCentered: true).GridPoints([(1, 2)], Device.Cpu);

        Assert.Equal([4f, 4, 12, 4], points[0].ToArray());
    }

    [GoldenFact("components/anchors.safetensors")]
    [Trait("Category", "Golden")]
    public void GridPoints_Recorded_AreTheReferences()
    {
        using var scope = TensorScope.Begin();
        var recorded = ComponentGolden.Open("components/anchors.safetensors", "points");
        var size = recorded.Options.Floats("featmap")!;
        var stride = (int)recorded.Options.Number("stride");

        var points = new PointGenerator([stride]).GridPoints([((long)size[0], (long)size[1])], Device.Cpu)[0];

        // The reference writes the stride beside each point.
        var expected = recorded.File.Doubles(recorded.Out(recorded.Outputs[0]));
        Assert.Equal(expected.Chunk(3).SelectMany(point => point[..2]), points.ToDoubleArray());
    }
}
