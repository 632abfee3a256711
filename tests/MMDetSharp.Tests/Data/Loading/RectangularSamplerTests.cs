using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Loading;

public sealed class RectangularSamplerTests
{
    // Ratios 0.5, 0.75, 1, 1.5, 2; batches of 2: (0.5, 0.75), (1, 1.5), (2). Sizes at 64 pixels, stride 32, pad 0.5:
    // 0.75 * 2 + 0.5 = 2 strides by 1 * 2 + 0.5, rounded up 3; (1, 1): 3 by 3; 2: 3 by 0.5 * 2 + 0.5, rounded up 2.
    [Fact]
    public void BatchShape_BatchesOfTwo_HoldTheirSquarestImage()
    {
        using var dataset = new MemoryDataset(
            Item(100, 150), Item(200, 100), Item(100, 200), Item(100, 75), Item(90, 90));
        var sampler = new RectangularSampler(dataset, new() { BatchSize = 2, ImageSize = 64 });

        Assert.Equal([1, 3, 4, 0, 2], sampler.Order(0));
        Assert.Equal(new ImageShape(64, 96), sampler.BatchShape(1));
        Assert.Equal(new ImageShape(64, 96), sampler.BatchShape(3));
        Assert.Equal(new ImageShape(96, 96), sampler.BatchShape(0));
        Assert.Equal(new ImageShape(96, 64), sampler.BatchShape(2));
    }

    [Fact]
    public void Epoch_OneBatch_GivesEveryImageItsSize()
    {
        using var dataset = new MemoryDataset(Item(64, 32), Item(50, 40));
        var sampler = new RectangularSampler(dataset, new() { ImageSize = 64 });
        var pipeline = new Pipeline(
        [
            new Painted(), new YoloV5KeepRatioResize(64, 64),
            new LetterResize(new() { Height = 64, Width = 64, Stride = 32, ScaleUp = false }),
            new Normalize(new() { Mean = [0, 0, 0], Std = [1, 1, 1] }), new Collect(["img"]),
        ]);
        var loader = new DataLoader(dataset, pipeline, sampler, new() { BatchSize = 2, Workers = 0 });

        using var batch = Assert.Single(loader.Epoch(0));

        // 64 x 32 stays; 50 x 40 becomes 64 x 51: at most 0.8 high, 0.8 * 2 + 0.5 = 2.1 strides, rounded up 3.
        Assert.Equal([0, 1], batch.Indices);
        Assert.Equal([2, 3, 96, 96], batch.Batch.Images.Shape);
        Assert.Equal([new ImageShape(32, 64), new ImageShape(51, 64)], batch.Batch.Infos.Select(info => info.ImageShape));
        Assert.All(batch.Batch.Infos, info => Assert.Equal(new ImageShape(96, 96), info.PadShape));
    }

    [Fact]
    public void Construct_UnknownSize_NamesTheImage()
    {
        using var dataset = new MemoryDataset(Item(0, 10));

        var failure = Assert.Throws<DatasetException>(() => new RectangularSampler(dataset, new()));

        Assert.Contains("must tell its width and height, found 0 x 10", failure.Message, StringComparison.Ordinal);
    }

    private static DatasetItem Item(int width, int height) => new()
    {
        Id = "1",
        FileName = "a.png",
        ImagePath = "a.png",
        Width = width,
        Height = height,
    };

    private sealed class Painted : ITransform
    {
        public bool Apply(Sample sample, IRandomSource random)
        {
            sample.Image = Image.Create(new ImageShape(sample.Item.Height, sample.Item.Width));
            sample.OriginalShape = sample.Image.Shape;
            return true;
        }
    }
}
