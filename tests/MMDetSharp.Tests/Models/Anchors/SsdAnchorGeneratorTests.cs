using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.ModelRegistry;

namespace MMDetSharp.Tests.Models.Anchors;

public sealed class SsdAnchorGeneratorTests
{
    private const string Sizes300 = "strides=[8, 16, 32, 64, 100, 300], ratios=[[2], [2, 3], [2, 3], [2, 3], [2], [2]]";
    private const string Sizes512 =
        "input_size=512, strides=[8, 16, 32, 64, 128, 256, 512], ratios=[[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]]";

    // The sizes of the authors' released models. 300, VOC: from 20% in steps of (90 - 20) / 4 = 17%; conv4_3 10%.
    // 300, COCO: from 15% in steps of 18%. 512, COCO: 16%; 512, VOC: 15%. The second square is the geometric mean of two.
    [Theory]
    [InlineData(Sizes300, "(0.2, 0.9)", "30 60 111 162 213 264 315")]
    [InlineData(Sizes300, "(0.15, 0.9)", "21 45 99 153 207 261 315")]
    [InlineData(Sizes512, "(0.1, 0.9)", "20 51 133 215 296 378 460 542")]
    [InlineData(Sizes512, "(0.15, 0.9)", "35 76 153 230 307 384 460 537")]
    public void Make_KnownRanges_SquaresOfEachLevelAreTheKnownOnes(string options, string range, string sizes)
    {
        var generator = Build($"scale_major=False, basesize_ratio_range={range}, {options}");

        var expected = sizes.Split(' ').Select(double.Parse).ToArray();
        for (var level = 0; level < generator.BaseAnchors.Count; level++)
        {
            var anchors = generator.BaseAnchors[level];
            Assert.Equal(expected[level], anchors[2] - anchors[0], 1e-4);
            Assert.Equal(Math.Sqrt(expected[level] * expected[level + 1]), anchors[7] - anchors[5], 1e-3);
        }
    }

    [Fact]
    public void Make_OneRatio_FourAnchorsInTheReferencesOrder()
    {
        var generator = Build("scale_major=False, strides=[8], ratios=[[4]], min_sizes=[20], max_sizes=[45]");

        // Around (4, 4): 20 x 20; sqrt(20 x 45) = 30; of ratios 1/4 and 4: 40 x 10 and 10 x 40.
        Assert.Equal([4], generator.AnchorsPerPlace);
        Assert.Equal([-6f, -6, 14, 14, -11, -11, 19, 19, -16, -1, 24, 9, -1, -16, 9, 24], generator.BaseAnchors[0]);
    }

    [Fact]
    public void Make_NoRatio_TwoSquares()
    {
        var generator = Build("scale_major=False, strides=[(8, 16)], ratios=[[]], min_sizes=[4], max_sizes=[16]");

        Assert.Equal([2f, 6, 6, 10, 0, 4, 8, 12], generator.BaseAnchors[0]); // 4 and 8 around (4, 8)
    }

    // All anchors, size after size: 1, 1', 1/4, 1/4', 4, 4'. Of them come out the first, the fourth, the second and the third.
    [Fact]
    public void Make_ScaleMajor_PicksOthersAsTheReferenceDoes()
    {
        var generator = Build("strides=[8], ratios=[[4]], min_sizes=[20], max_sizes=[45]");

        Assert.Equal([-6f, -6, 14, 14, -26, -3.5f, 34, 11.5f, -11, -11, 19, 19, -16, -1, 24, 9], generator.BaseAnchors[0]);
    }

    [Theory]
    [InlineData("strides=[8], ratios=[[2], [2]], min_sizes=[8], max_sizes=[9]", "ratios must have 1 entries, one per stride, got 2")]
    [InlineData("strides=[8], ratios=[2], min_sizes=[8], max_sizes=[9]", "ratios must be a list of lists of floats")]
    [InlineData("strides=[8], ratios=[[0]], min_sizes=[8], max_sizes=[9]", "ratios must be positive")]
    [InlineData("strides=[0], ratios=[[2]], min_sizes=[8], max_sizes=[9]", "strides must be positive")]
    [InlineData("strides=[], ratios=[], min_sizes=[], max_sizes=[]", "strides must name at least one level")]
    [InlineData("strides=[8], ratios=[[2]], min_sizes=[8, 9], max_sizes=[9]", "min_sizes must have 1 entries")]
    [InlineData("strides=[8], ratios=[[2]], min_sizes=[8], max_sizes=[]", "max_sizes must have 1 entries")]
    [InlineData("strides=[8], ratios=[[2]], min_sizes=[8], max_sizes=[-1]", "max_sizes must be positive")]
    [InlineData("strides=[8], ratios=[[2]], min_sizes=[8]", "max_sizes must be given where min_sizes is, and only there, got none")]
    [InlineData("strides=[8], ratios=[[2]]", "basesize_ratio_range must be given, or min_sizes and max_sizes, not both, got neither")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.2, 0.9), min_sizes=[1, 2, 3, 4, 5, 6], max_sizes=[2, 3, 4, 5, 6, 7]", "not both, got both")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.1, 0.9)", "basesize_ratio_range must begin with 0.15 or 0.2 for input_size=300, got 0.1")]
    [InlineData(Sizes512 + ", basesize_ratio_range=(0.2, 0.9)", "basesize_ratio_range must begin with 0.1 or 0.15 for input_size=512, got 0.2")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.2, 0.23)", "basesize_ratio_range must rise by a percent per level")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.2, 1e9)", "basesize_ratio_range must rise by a percent per level")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.2, 0.9), input_size=320", "input_size must be 300 or 512")]
    [InlineData("strides=[8, 16], ratios=[[2], [2]], basesize_ratio_range=(0.2, 0.9)", "strides must name at least 3 levels, got 2")]
    [InlineData(Sizes300 + ", basesize_ratio_range=(0.2, 0.9), scales=[8]", "scales is not an option of SSDAnchorGenerator")]
    public void Build_WrongOption_NamesThePlaceAndTheWayOut(string options, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Build(options));

        Assert.StartsWith("anchors.py:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static AnchorGenerator Build(string options)
    {
        var config = Config.Parse($"anchors = dict(type='SSDAnchorGenerator', {options})", "anchors.py");
        return (AnchorGenerator)AnchorGeneratorTable.Generators.Build(new ConfigReader(config.Root).Node("anchors"));
    }
}
