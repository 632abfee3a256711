using System.Text.Json;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Anchors;

public sealed class YoloAnchorGeneratorTests
{
    private const string Recorded = "components/anchors.safetensors";

    private static readonly YoloLevel s_level = new() { Anchors = [(10, 20), (4, 4)], Stride = 16 };

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "YOLOAnchorGenerator");

    [Fact]
    public void GridAnchors_TwoCells_StandOnTheirCentres()
    {
        // Centres (8, 8) and (24, 8); sizes (10, 20) and (4, 4).
        using var scope = TensorScope.Begin();

        var anchors = new YoloAnchorGenerator([s_level]).GridAnchors([(1, 2)], Device.Cpu);

        Assert.Equal(
            [3f, -2, 13, 18, 6, 6, 10, 10, 19, -2, 29, 18, 22, 6, 26, 10], Assert.Single(anchors).ToArray());
    }

    [Theory]
    [InlineData(20f, 1)] // in the second cell
    [InlineData(16f, 1)] // on the line between: it belongs to the cell that it begins
    [InlineData(15.9f, 0)]
    [InlineData(32f, 1)] // on the image's edge
    public void ResponsibleFlags_MiddleOfAnObject_ItsCell(float x, int cell)
    {
        using var scope = TensorScope.Begin();
        var objects = Tensor.From([x - 3, 5, x + 3, 7], 1, 4);

        var flags = new YoloAnchorGenerator([s_level]).ResponsibleFlags([(1, 2)], objects);

        Assert.Equal([cell == 0, cell == 0, cell == 1, cell == 1], flags);
    }

    [Fact]
    public void ResponsibleFlags_NoObject_NoCell()
    {
        using var scope = TensorScope.Begin();

        Assert.Equal(
            new bool[4], new YoloAnchorGenerator([s_level]).ResponsibleFlags([(1, 2)], Tensor.Zeros([0, 4])));
    }

    [Fact]
    public void Constructor_DifferentNumbersOfAnchors_SaysWhichThereAre()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new YoloAnchorGenerator([s_level, s_level with { Anchors = [(1, 1)] }]));

        Assert.Contains("[2, 1]", error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void GridAnchors_Recorded_AreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var generator = new YoloAnchorGenerator(Levels(golden.Options.GetProperty("cfg")));
        var sizes = golden.Options.GetProperty("featmap_sizes").EnumerateArray()
            .Select(size => (size[0].GetInt64(), size[1].GetInt64())).ToArray();

        var first = generator.GridAnchors([.. sizes.Select(_ => (1L, 1L))], Device.Cpu);
        var anchors = generator.GridAnchors(sizes, Device.Cpu);
        var flags = generator.ResponsibleFlags(sizes, golden.FloatInput("gts"));

        var start = 0;
        for (var level = 0; level < sizes.Length; level++)
        {
            var count = (int)anchors[level].Size(0);
            golden.AssertOutput($"base/{level}", first[level], 0);
            golden.AssertOutput($"grid/{level}", anchors[level], 0);
            golden.AssertOutput($"responsible/{level}", Tensor.From(flags.AsSpan(start, count), count), 0);
            start += count;
        }
    }

    private static YoloLevel[] Levels(JsonElement cfg)
    {
        var sizes = cfg.GetProperty("base_sizes").EnumerateArray().Select(level => level.EnumerateArray()
            .Select(size => (size[0].GetSingle(), size[1].GetSingle())).ToArray());
        return [.. cfg.Floats("strides")!.Zip(
            sizes, (stride, anchors) => new YoloLevel { Stride = (int)stride, Anchors = anchors })];
    }
}
