using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Tests.Data.Imaging;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class TransformTests
{
    private static readonly CounterRandom s_random = new(0);

    // 100 x 50 to fit (60, 20): min(60 / 100, 20 / 50) = 0.4, so 40 x 20; boxes times 0.4, clipped to the image.
    [Fact]
    public void Resize_KeepRatio_IsComputedByHand()
    {
        using var sample = With(TestImages.Gradient(100, 50), [10, 20, 90, 60]);

        new Resize(new ResizeOptions { Scales = [new(60, 20)] }).Apply(sample, s_random);

        Assert.Equal(new ImageShape(20, 40), sample.ImageShape);
        Assert.Equal([0.4f, 0.4f, 0.4f, 0.4f], sample.ScaleFactor!);
        Assert.Equal([4f, 8f, 36f, 20f], sample.Boxes!);
    }

    [Fact]
    public void Resize_WithoutClipping_KeepsBoxesOutside()
    {
        using var sample = With(TestImages.Gradient(10, 10), [-5, 0, 20, 10]);

        new Resize(new ResizeOptions { Scales = [new(20, 20)], ClipBoxes = false }).Apply(sample, s_random);

        Assert.Equal([-10f, 0f, 40f, 20f], sample.Boxes!);
    }

    [Fact]
    public void Resize_Twice_NeedsOverride()
    {
        using var sample = With(TestImages.Gradient(10, 10), []);
        var resize = new Resize(new ResizeOptions { Scales = [new(20, 20)] });
        resize.Apply(sample, s_random);

        var error = Assert.Throws<PipelineException>(() => resize.Apply(sample, s_random));

        Assert.Contains("override=True", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resize_OnePixelAndNoBoxes_Works()
    {
        using var sample = With(TestImages.Gradient(1, 1), []);

        new Resize(new ResizeOptions { Scales = [new(7, 7)] }).Apply(sample, s_random);

        Assert.Equal(new ImageShape(7, 7), sample.ImageShape);
        Assert.Empty(sample.Boxes!);
    }

    // In an image of 10 x 6, the box (1, 2, 4, 3) is (10-4, 2, 10-1, 3) mirrored left to right, (1, 6-3, 4, 6-2) up to down.
    [Theory]
    [InlineData(FlipDirection.None, new[] { 1f, 2, 4, 3 })]
    [InlineData(FlipDirection.Horizontal, new[] { 6f, 2, 9, 3 })]
    [InlineData(FlipDirection.Vertical, new[] { 1f, 3, 4, 4 })]
    [InlineData(FlipDirection.Diagonal, new[] { 6f, 3, 9, 4 })]
    public void RandomFlip_Direction_MovesBoxes(FlipDirection direction, float[] expected)
    {
        using var sample = With(TestImages.Gradient(10, 6), [1, 2, 4, 3]);
        sample.FlipDirection = direction;

        new RandomFlip().Apply(sample, s_random);

        Assert.Equal(expected, sample.Boxes);
    }

    [Fact]
    public void RandomFlip_HalfRatioOfTwoDirections_FlipsAQuarterEach()
    {
        var flip = new RandomFlip(0.5, FlipDirection.Horizontal, FlipDirection.Vertical);
        var counts = new int[4];

        for (var i = 0; i < 2_000; i++)
        {
            using var sample = With(TestImages.Gradient(2, 2), []);
            flip.Apply(sample, new CounterRandom(i));
            counts[(int)sample.FlipDirection!]++;
        }

        Assert.InRange(counts[(int)FlipDirection.None], 900, 1_100);
        Assert.InRange(counts[(int)FlipDirection.Horizontal], 400, 600);
        Assert.InRange(counts[(int)FlipDirection.Vertical], 400, 600);
    }

    [Fact]
    public void Pad_SmallerThanImage_SaysWhatToDo()
    {
        using var sample = With(TestImages.Gradient(10, 10), []);

        var error = Assert.Throws<PipelineException>(() => Pad.ToSize(8, 20).Apply(sample, s_random));

        Assert.Contains("got (8, 20) for (10, 10, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadAnnotations_Loaded_AreCopies()
    {
        var item = Item() with { Boxes = [1, 2, 3, 4], Labels = [5], IgnoredBoxes = [0, 0, 9, 9] };
        using var sample = new Sample(item);

        new LoadAnnotations().Apply(sample, s_random);
        sample.Boxes![0] = 100;

        Assert.Equal(1, item.Boxes[0]);
        Assert.Equal([5L], sample.Labels!);
        Assert.Equal([0f, 0, 9, 9], sample.IgnoredBoxes!);
    }

    [Fact]
    public void Collect_BoxesNotLoaded_NamesTheStep()
    {
        using var sample = Sample.FromImage(TestImages.Gradient(2, 2), "a");

        var error = Assert.Throws<PipelineException>(() => new Collect(["img", "gt_bboxes"]).Apply(sample, s_random));

        Assert.Contains("LoadAnnotations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadImageFromFile_ImageInMemory_IsTaken()
    {
        using var sample = Sample.FromImage(TestImages.Gradient(3, 2), "camera");

        new LoadImageFromFile(toFloat32: true).Apply(sample, s_random);

        Assert.Equal(PixelType.Float32, sample.Image.PixelType);
        Assert.Equal(new ImageShape(2, 3), sample.OriginalShape);
    }

    [Fact]
    public void MultiScaleFlipAug_Factors_ScaleTheImage()
    {
        using var sample = Sample.FromImage(TestImages.Gradient(10, 6), "a");
        var views = new Pipeline([new Resize(new ResizeOptions()), new RandomFlip(), new Collect(["img"])]);

        MultiScaleFlipAug.AtFactors(views, [1.0, 1.5], FlipDirection.Horizontal).Apply(sample, s_random);

        Assert.Equal([10, 10, 15, 15], sample.Views.Select(view => view.Image.Width));
        Assert.Equal([false, true, false, true], sample.Views.Select(view => view.ToInfo().Flip));
    }

    [Fact]
    public void RandomCrop_NothingLeft_GivesTheSampleUp()
    {
        var crop = new RandomCrop(4, 4);
        using var empty = With(TestImages.Gradient(10, 10), []);
        using var unwanted = With(TestImages.Gradient(10, 10), []);

        Assert.False(crop.Apply(empty, s_random));
        Assert.True(new RandomCrop(4, 4, allowNegativeCrop: true).Apply(unwanted, s_random));
    }

    [Fact]
    public void RandomCrop_LargerThanImage_KeepsTheImage()
    {
        using var sample = With(TestImages.Gradient(10, 6), [1, 1, 5, 5]);

        Assert.True(new RandomCrop(20, 20).Apply(sample, s_random));

        Assert.Equal(new ImageShape(6, 10), sample.ImageShape);
        Assert.Equal([1f, 1, 5, 5], sample.Boxes!);
    }

    [Fact]
    public void RandomCenterCropPad_BoxOutOfReach_GivesTheSampleUp()
    {
        using var sample = With(TestImages.Gradient(40, 40), [-90, -90, -80, -80]);
        sample.Image = sample.Image.ToPixelType(PixelType.Float32);
        var options = new RandomCenterCropPadOptions { Height = 16, Width = 16, Border = 8, Fill = [0, 0, 0] };

        Assert.False(new RandomCenterCropPad(options).Apply(sample, s_random));
    }

    [Fact]
    public void MinIoURandomCrop_ManyDraws_KeepsBoxesInside()
    {
        var crop = new MinIoURandomCrop([0.1, 0.5]);
        for (var i = 0; i < 200; i++)
        {
            using var sample = With(TestImages.Gradient(60, 40), [5, 5, 30, 30, 20, 10, 55, 38]);

            Assert.True(crop.Apply(sample, new CounterRandom(i)));

            Assert.Equal(sample.Boxes!, BoxArrays.Clip(sample.Boxes!, sample.ImageShape));
            Assert.Equal(sample.Labels!.Length, sample.Boxes!.Length / 4);
        }
    }

    private static DatasetItem Item() =>
        new() { Id = "1", FileName = "a.jpg", ImagePath = "a.jpg", Width = 1, Height = 1 };

    private static Sample With(Image image, float[] boxes) => new(Item())
    {
        Image = image,
        OriginalShape = image.Shape,
        ImageShape = image.Shape,
        Boxes = boxes,
        Labels = new long[boxes.Length / 4],
        IgnoredBoxes = [],
    };
}
