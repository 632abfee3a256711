using System.Text.Json;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Anchors;

public sealed class AnchorGeneratorTests
{
    private const string Recorded = "components/anchors.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "AnchorGenerator", "SSDAnchorGenerator");

    [Fact]
    public void GridAnchors_TwoByTwoPlaces_AreTheSizesAroundThePlaces()
    {
        // Side 9 x 1 around (0, 0), (16, 0), (0, 16), (16, 16).
        var generator = new AnchorGenerator(new() { Strides = [(16, 16)], Ratios = [1], Scales = [1], BaseSizes = [9] });

        using var scope = TensorScope.Begin();
        var anchors = generator.GridAnchors([(2, 2)], Device.Cpu)[0];

        float[] expected =
        [
            -4.5f, -4.5f, 4.5f, 4.5f, 11.5f, -4.5f, 20.5f, 4.5f,
            -4.5f, 11.5f, 4.5f, 20.5f, 11.5f, 11.5f, 20.5f, 20.5f,
        ];
        Assert.Equal(expected, anchors.ToArray());
        Assert.Equal([4, 4], anchors.Shape);
    }

    [Fact]
    public void GridAnchors_UnequalStrides_FollowWidthAndHeight()
    {
        // The shorter stride, 4, is the base size: +-2 around (8, 4).
        var generator = new AnchorGenerator(new() { Strides = [(8, 4)], Ratios = [1], Scales = [1] });

        using var scope = TensorScope.Begin();
        var anchors = generator.GridAnchors([(2, 2)], Device.Cpu)[0].ToArray();

        Assert.Equal([6, 2, 10, 6], anchors[12..]);
    }

    [Fact]
    public void ValidFlags_ImageEndsInsideACell_CellIsValid()
    {
        // 9 pixels at stride 8: 2 of 3 columns; 8 pixels: 1 of 2 rows.
        var generator = new AnchorGenerator(new() { Strides = [(8, 8)], Ratios = [1], Scales = [1] });

        using var scope = TensorScope.Begin();
        var flags = generator.ValidFlags([(2, 3)], new ImageShape(8, 9), Device.Cpu)[0].ToBoolArray();

        Assert.Equal([true, true, false, false, false, false], flags);
    }

    [Fact]
    public void GridAnchors_EmptyLevel_IsEmpty()
    {
        var generator = new AnchorGenerator(new() { Strides = [(8, 8)], Ratios = [1], Scales = [1] });

        using var scope = TensorScope.Begin();

        Assert.Equal([0, 4], generator.GridAnchors([(0, 3)], Device.Cpu)[0].Shape);
    }

    [Fact]
    public void Constructor_ScalesAndOctaves_SaysWhichToGive()
    {
        var options = new AnchorGeneratorOptions
        {
            Strides = [(8,
            8)],
            Ratios = [1],
            Scales = [1],
            OctaveBaseScale = 4,
            ScalesPerOctave = 3,
        };

        var error = Assert.Throws<ArgumentException>(() => new AnchorGenerator(options));

        Assert.Contains("scales must be given, or octave_base_scale and scales_per_octave, not both, got both", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GridAnchors_WrongNumberOfMaps_Throws()
    {
        var generator = new AnchorGenerator(new() { Strides = [(8, 8)], Ratios = [1], Scales = [1] });

        Assert.Throws<ArgumentException>(() => generator.GridAnchors([(1, 1), (1, 1)], Device.Cpu));
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void GridAnchors_Recorded_AreRecorded(string name)
    {
        var golden = ComponentGolden.Open(Recorded, name);
        var cfg = golden.Options.GetProperty("cfg");
        var generator = golden.Op == "SSDAnchorGenerator"
            ? SsdAnchorGenerator.Make(SsdOptions(cfg))
            : new AnchorGenerator(Options(cfg));
        var sizes = golden.Options.GetProperty("featmap_sizes").EnumerateArray()
            .Select(size => (size[0].GetInt64(), size[1].GetInt64())).ToArray();
        var pad = golden.Options.GetProperty("pad_shape");

        using var scope = TensorScope.Begin();
        var anchors = generator.GridAnchors(sizes, Device.Cpu);
        var flags = generator.ValidFlags(sizes, new ImageShape(pad[0].GetInt32(), pad[1].GetInt32()), Device.Cpu);

        for (var level = 0; level < sizes.Length; level++)
        {
            // The same float32 operations in the same order: exact but for the square root's last bit.
            var size = generator.BaseAnchors[level].Length / 4;
            golden.AssertOutput($"base/{level}", Tensor.From(generator.BaseAnchors[level], size, 4), 0, 2e-7);
            golden.AssertOutput($"grid/{level}", anchors[level], 1e-5, 2e-7);
            golden.AssertOutput($"valid/{level}", flags[level], 0);
        }
    }

    private static AnchorGeneratorOptions Options(JsonElement cfg) => new()
    {
        Strides = [.. cfg.Floats("strides")!.Select(stride => ((int)stride, (int)stride))],
        Ratios = cfg.Floats("ratios")!,
        Scales = cfg.Floats("scales"),
        BaseSizes = cfg.Floats("base_sizes"),
        ScaleMajor = cfg.Flag("scale_major", true),
        OctaveBaseScale = cfg.TryGetProperty("octave_base_scale", out var octave) ? octave.GetDouble() : null,
        ScalesPerOctave = cfg.TryGetProperty("scales_per_octave", out var count) ? count.GetInt32() : null,
        Centers = cfg.TryGetProperty("centers", out var centers)
            ? [.. centers.EnumerateArray().Select(center => (center[0].GetSingle(), center[1].GetSingle()))]
            : null,
        CenterOffset = cfg.Number("center_offset"),
    };

    private static SsdAnchorOptions SsdOptions(JsonElement cfg) => new()
    {
        Strides = [.. cfg.Floats("strides")!.Select(stride => ((int)stride, (int)stride))],
        Ratios =
        [
            .. cfg.GetProperty("ratios").EnumerateArray().Select(
                level => level.EnumerateArray().Select(ratio => ratio.GetDouble()).ToArray()),
        ],
        InputSize = (int)cfg.Number("input_size"),
        SizeRange = (cfg.GetProperty("basesize_ratio_range")[0].GetDouble(), cfg.GetProperty("basesize_ratio_range")[1].GetDouble()),
        ScaleMajor = cfg.Flag("scale_major", true),
    };
}
