using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class MosaicTests
{
    private static readonly MosaicOptions s_options = new() { Height = 8, Width = 8 };

    // Quarters of 8 x 8; the images of 4 x 2 are fitted to 8 x 4 (factor 2). They meet at (0.75, 1.25) * 8 = (6, 10).
    // Top left: its lower right corner at (6, 10): columns -2..5, rows 6..9. Top right: (6..13, 6..9).
    // Bottom left: (-2..5, 10..13). Bottom right: (6..13, 10..13).
    [Fact]
    public void Apply_FourImages_PlacedByHand()
    {
        var set = new ImageSet(4, 4, 2, [0, 0, 2, 1]);

        using var sample = set.Mix(new Mosaic(s_options), new ListedDraws(0, 0.75, 1.25, 1, 2, 3));

        Assert.Equal(new ImageShape(16, 16), sample.ImageShape);
        AssertGrey(sample.Image, 1, (0, 6), (5, 9));
        AssertGrey(sample.Image, 2, (6, 6), (13, 9));
        AssertGrey(sample.Image, 3, (0, 10), (5, 13));
        AssertGrey(sample.Image, 4, (6, 10), (13, 13));
        AssertGrey(sample.Image, 114, (0, 5), (14, 6), (5, 14));
        // (0, 0, 2, 1) * 2 = (0, 0, 4, 2), from each image's corner; the left ones are cut at 0.
        Assert.Equal([0f, 6, 2, 8, 6, 6, 10, 8, 0, 10, 2, 12, 6, 10, 10, 12], sample.Boxes!);
        Assert.Equal([0L, 1, 2, 3], sample.Labels!);
    }

    [Fact]
    public void Apply_BoxOutsideTheResult_IsDropped()
    {
        // The left images begin at column -2, so that their first column, doubled, is outside.
        var set = new ImageSet(4, 4, 2, [0, 0, 1, 1]);

        using var sample = set.Mix(new Mosaic(s_options), new ListedDraws(0, 0.75, 1.25, 1, 2, 3));

        Assert.Equal([1L, 3], sample.Labels!);
    }

    [Fact]
    public void Apply_NotDrawn_LeavesTheImage()
    {
        var set = new ImageSet(4, 4, 2, [0, 0, 2, 1]);

        using var sample = set.Mix(new Mosaic(s_options with { Probability = 0.5 }), new ListedDraws(0.5));

        Assert.Equal(new ImageShape(2, 4), sample.ImageShape);
    }

    [Fact]
    public void Apply_SameRandomKey_SameResult()
    {
        var set = new ImageSet(9, 5, 7, [1, 1, 4, 5]);

        using var first = set.Mix(new Mosaic(s_options), new CounterRandom(1, 2, 3));
        using var second = set.Mix(new Mosaic(s_options), new CounterRandom(1, 2, 3));

        Assert.Equal(first.Image.Bytes, second.Image.Bytes);
        Assert.Equal(first.Boxes!, second.Boxes!);
    }

    [Fact]
    public void Apply_WithoutOtherImages_Explains()
    {
        using var sample = Sample.FromImage(Image.Create(new(4, 4)), "a.png");

        var error = Assert.Throws<PipelineException>(() => new Mosaic(s_options).Apply(sample, new CounterRandom(0)));

        Assert.Contains("MultiImageMixDataset", error.Message, StringComparison.Ordinal);
    }

    private static void AssertGrey(Image image, byte grey, params (int X, int Y)[] points)
    {
        foreach (var (x, y) in points)
        {
            Assert.Equal(grey, image.Bytes[((y * image.Width) + x) * 3]);
        }
    }
}
