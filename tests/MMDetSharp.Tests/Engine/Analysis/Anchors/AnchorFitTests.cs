using MMDetSharp.Engine.Analysis.Anchors;
using MMDetSharp.Tests.Data.Pipelines;

namespace MMDetSharp.Tests.Engine.Analysis.Anchors;

public sealed class AnchorFitTests
{
    private static readonly BoxSize[] s_centres = [new(10, 20), new(40, 30), new(100, 120)];

    [Theory]
    [InlineData(AnchorDistance.Whitened)]
    [InlineData(AnchorDistance.IoU)]
    public void Of_ThreeHandMadeClusters_FindsTheirMeans(AnchorDistance distance)
    {
        // Around each centre four sizes whose mean it is.
        var sizes = s_centres.SelectMany(centre => new BoxSize[]
        {
            new(centre.Width - 1, centre.Height), new(centre.Width + 1, centre.Height),
            new(centre.Width, centre.Height - 2), new(centre.Width, centre.Height + 2),
        });

        var fit = AnchorFit.Of(Objects(sizes), new() { Clusters = 3, Distance = distance });

        Assert.Equal(s_centres, fit.Anchors);
        Assert.Equal(1, fit.Final.BestPossibleRecall);
    }

    [Fact]
    public void Of_Quality_IsComputedByHand()
    {
        // Anchors (10, 10) and (20, 40). (10, 20): ratios 0.5 and 0.5, IoU 0.5 and 0.25. (20, 30): 1 / 3 and 0.75; IoU
        // 100 / 600 and 0.75. (100, 10): 0.1 and 0.2: found by neither; IoU 0.1 and 200 / 1600.
        var quality = AnchorQuality.Of([new(10, 10), new(20, 40)], [new(10, 20), new(20, 30), new(100, 10)], 4);

        Assert.Equal(2 / 3.0, quality.BestPossibleRecall, 12);
        Assert.Equal(4 / 3.0, quality.AnchorsPerObject, 12);
        Assert.Equal((0.5 + 0.75 + 0.2) / 3, quality.MeanRatio, 12);
        Assert.Equal((0.5 + 0.75 + 0.125) / 3, quality.MeanIoU, 12);
        Assert.Equal((0.5 + 0.75) / 3, quality.Fitness, 12);
    }

    [Fact]
    public void Of_Evolution_NeverLowersTheFitness()
    {
        var random = new Random(3);
        var objects = Objects(Enumerable.Range(0, 300).Select(_ =>
            new BoxSize(2 + Math.Exp(5 * random.NextDouble()), 2 + Math.Exp(5 * random.NextDouble()))));
        List<double> fitness =
            [.. new[] { 0, 20, 100, 300 }.Select(n => AnchorFit.Of(objects, new() { Clusters = 6, Generations = n }).Final.Fitness)];

        Assert.Equal(fitness.Order(), fitness);
        Assert.True(fitness[^1] > fitness[0]);
    }

    [Fact]
    public void Of_SameSeed_SameAnchors()
    {
        var random = new Random(4);
        var objects = Objects(Enumerable.Range(0, 100).Select(_ => new BoxSize(random.Next(3, 90), random.Next(3, 90))));
        var options = new AnchorFitOptions { Clusters = 5, Generations = 30, Seed = 8 };

        Assert.Equal(AnchorFit.Of(objects, options).Anchors, AnchorFit.Of(objects, options).Anchors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Of_FewerSizesThanClusters_Explains(int count)
    {
        var objects = Objects(Enumerable.Range(0, 2 * count).Select(i => new BoxSize(10 + (i % Math.Max(count, 1)), 10)));

        var error = Assert.Throws<ArgumentException>(() => AnchorFit.Of(objects, new() { Clusters = 3 }));

        Assert.Contains($"at least 3 objects of different sizes, the data set has {count}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 8, 8)]
    [InlineData(true, 8, 16)]
    public void Of_Dataset_SizesInTheNetworksInput(bool stretches, double width, double height)
    {
        // Images of 40 x 20 into 80 x 80: twice as large, or stretched four times in height; boxes of 4 x 4.
        var set = new ImageSet(2, 40, 20, [1, 1, 5, 5]);

        var objects = ObjectSizes.Of(set, new ImageFit(80, 80, stretches));

        Assert.Equal([new BoxSize(width, height), new BoxSize(width, height)], objects.Sizes);
    }

    [Fact]
    public void Of_ObjectsOfOnePixel_AreLeftOutAndCounted()
    {
        var objects = ObjectSizes.Of(new ImageSet(3, 40, 20, [1, 1, 2, 2]), new ImageFit(40, 20));

        Assert.Empty(objects.Sizes);
        Assert.Equal(3, objects.TooSmall);
    }

    [Fact]
    public void ToText_NineAnchors_LinesToPaste()
    {
        var sizes = Enumerable.Range(1, 9).Select(i => new BoxSize(10 * i, 20 * i));

        var text = AnchorFit.Of(Objects(sizes), new()).ToText();

        Assert.Contains("anchors=[[10, 20, 20, 40, 30, 60], [40, 80,", text, StringComparison.Ordinal);
        Assert.Contains("base_sizes=[[(70, 140), (80, 160), (90, 180)],", text, StringComparison.Ordinal);
        Assert.Contains("anchors = 10,20,  20,40,  30,60,  40,80,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_EveryObjectAndAnchor_IsAPoint()
    {
        var svg = AnchorFit.Of(Objects(s_centres), new() { Clusters = 2 }).ToSvg();

        Assert.Equal(5, svg.Split("<circle").Length - 1);
    }

    private static ObjectSizes Objects(IEnumerable<BoxSize> sizes) =>
        new() { Sizes = [.. sizes], ImageCount = 1, TooSmall = 0 };
}
