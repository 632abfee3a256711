using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class MixUpTests
{
    // Image 2 (grey 3) of 4 x 4 is fitted into 8 x 8 (factor 2), scaled by 0.5 to 4 x 4 again, not mirrored, and
    // needs no cut: its box stays. The average of greys 1 and 3 is 2.
    [Fact]
    public void MixUp_SameScale_AverageAndBothBoxes()
    {
        var set = new ImageSet(4, 4, 4, [1, 0, 3, 2]);

        using var sample = set.Mix(new MixUp(new() { Height = 8, Width = 8 }), new ListedDraws(2, 0.5, 0.9));

        Assert.All(sample.Image.Bytes.ToArray(), value => Assert.Equal(2, value));
        Assert.Equal([1f, 0, 3, 2, 1, 0, 3, 2], sample.Boxes!);
        Assert.Equal([0L, 2], sample.Labels!);
    }

    // At twice the size, 8 x 8, mirrored: x 2..6 becomes 8 - 6 = 2..6; cut 4 x 4 at (3, 1): (2, 0, 6, 4) - (3, 1).
    [Fact]
    public void MixUp_LargerAndMirrored_PartWithItsBox()
    {
        var set = new ImageSet(4, 4, 4, [1, 0, 3, 2]);

        using var sample = set.Mix(new MixUp(new() { Height = 8, Width = 8 }), new ListedDraws(2, 1, 0.1, 1, 3));

        Assert.Equal([1f, 0, 3, 2, 0, 0, 3, 3], sample.Boxes!);
    }

    [Fact]
    public void YoloV5MixUp_Weight_IsTheMiddleDraw()
    {
        // Beta(2, 2): the middle one of three numbers, 0.5 (the smallest draw first: probability, other image).
        var set = new ImageSet(4, 4, 4, [1, 0, 3, 2]);
        var mixUp = new YoloV5MixUp(2, 1, new Pipeline([]));

        using var sample = set.Mix(mixUp, new ListedDraws(0, 2, 0.9, 0.1, 0.5));

        Assert.All(sample.Image.Bytes.ToArray(), value => Assert.Equal(2, value));
        Assert.Equal([0L, 2], sample.Labels!);
    }

    [Fact]
    public void Beta_ManyDraws_MeanAndVarianceOfTheDistribution()
    {
        // Beta(n, n): mean 1 / 2, variance 1 / (4 (2 n + 1)) = 1 / 260 for n = 32.
        var random = new CounterRandom(3);
        var draws = Enumerable.Range(0, 4000).Select(_ => YoloV5MixUp.Beta(32, random)).ToArray();

        Assert.Equal(0.5, draws.Average(), 5e-3);
        Assert.Equal(1 / 260.0, draws.Select(draw => Math.Pow(draw - 0.5, 2)).Average(), 3e-4);
    }

    [Fact]
    public void YoloV5Hsv_Factors_ByHand()
    {
        // BGR (40, 80, 160): V = 160, S = 255 * 120 / 160 = 191, H = 60 * (80 - 40) / 120 / 2 = 10.
        // Value times 1.5 = 240, saturation and hue unchanged: all three scaled by 1.5.
        using var sample = Sample.FromImage(Image.Create(new(1, 1), PixelType.UInt8, 40, 80, 160), "a.png");

        new RandomHsv(HsvDraw.Factor, 0.1, 0.5, 0.5).Apply(sample, new ListedDraws(0, 0, 1));

        Assert.Equal([60, 120, 240], sample.Image.Bytes.ToArray().Select(value => (int)value));
    }

    [Fact]
    public void YoloXHsv_Sums_ClampAndWrap()
    {
        // Hue 10 - 20 = 170 (of 180); value 160 + 100 = 255 at most. Saturation not chosen.
        using var sample = Sample.FromImage(Image.Create(new(1, 1), PixelType.UInt8, 40, 80, 160), "a.png");

        new RandomHsv(HsvDraw.Sum, 20, 30, 100).Apply(sample, new ListedDraws(-1, 1, 1, 1, 0, 1));

        using var hsv = sample.Image.ToColor(ColorConversion.BgrToHsv);
        Assert.InRange(hsv.Bytes[0], 169, 171);
        Assert.InRange(hsv.Bytes[1], 190, 192);
        Assert.Equal(255, hsv.Bytes[2]);
    }

    [Fact]
    public void LetterResize_WithBoxes_MovesThem()
    {
        // 20 x 10 to 10 x 10: factor 0.5, 10 x 5; margins 2.5 above and below: 2 and 3.
        using var sample = RandomAffineTests.Sample(20, 10, [4, 2, 10, 8]);

        new LetterResize(new() { Height = 10, Width = 10, Auto = false, MoveBoxes = true }).Apply(sample, new CounterRandom(0));

        Assert.Equal([2f, 3, 5, 6], sample.Boxes!);
    }

    [Fact]
    public void ForDataset_MultiImageMixDataset_BothPipelines()
    {
        var config = Config.Parse(
            """
            train = dict(
                type='RepeatDataset', times=2,
                dataset=dict(
                    type='MultiImageMixDataset',
                    dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile')]),
                    skip_type_keys=('MixUp',),
                    pipeline=[
                        dict(type='Mosaic', img_scale=(64, 64), pad_val=114.0),
                        dict(type='RandomAffine', scaling_ratio_range=(0.1, 2), border=(-32, -32)),
                        dict(type='MixUp', img_scale=(64, 64), ratio_range=(0.8, 1.6), pad_val=114.0),
                        dict(type='YOLOXHSVRandomAug'),
                        dict(type='YOLOv5RandomAffine', min_area_ratio=0.2),
                        dict(type='YOLOv5HSVRandomAug', hue_delta=0.01),
                        dict(type='YOLOv5MixUp', alpha=8, beta=8, prob=0.1, pre_transform=[dict(type='Mosaic')]),
                    ]))
            """,
            "a.py");

        var pipeline = PipelineBuilder.ForDataset(new ConfigReader(config.Root).Node("train"), new ImageSet(1, 2, 2, []));

        Assert.IsType<MixPipeline>(pipeline);
    }

    [Theory]
    [InlineData("dict(type='Mosaic', img_scale=(0, 4))", "img_scale must be positive")]
    [InlineData("dict(type='Mosaic', prob=2)", "prob must be within 0 and 1")]
    [InlineData("dict(type='YOLOv5MixUp', alpha=8)", "alpha must be equal to beta")]
    public void BuildStep_WrongOption_Explains(string step, string message)
    {
        var config = Config.Parse($"pipeline = [{step}]", "a.py");

        var error = Assert.Throws<ConfigException>(
            () => PipelineBuilder.Build(new ConfigReader(config.Root).Nodes("pipeline")));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
