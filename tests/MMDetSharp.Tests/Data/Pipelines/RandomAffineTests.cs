using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

public sealed class RandomAffineTests
{
    // Draws: degrees, scale, shear x, shear y, shift x, shift y.
    [Fact]
    public void Apply_ScaleAndShift_BoxesByHand()
    {
        // Twice as large, then 0.1 * 20 = 2 to the right and 0.2 * 10 = 2 down: (2, 1, 4, 3) -> (6, 4, 10, 8).
        using var sample = Sample(20, 10, [2, 1, 4, 3]);

        new RandomAffine(new()).Apply(sample, new ListedDraws(0, 2, 0, 0, 0.1, 0.2));

        Assert.Equal([6f, 4, 10, 8], sample.Boxes!);
    }

    [Fact]
    public void Apply_QuarterTurn_BoxAroundTheTurnedOne()
    {
        // 90 degrees: (x, y) -> (-y, x); then 1 * 10 to the right: (2, 1, 4, 3) -> x 7..9, y 2..4.
        using var sample = Sample(10, 10, [2, 1, 4, 3]);

        new RandomAffine(new()).Apply(sample, new ListedDraws(90, 1, 0, 0, 1, 0));

        AssertClose([7, 2, 9, 4], sample.Boxes!);
    }

    [Fact]
    public void Apply_Shear_BoxAroundTheSlantedOne()
    {
        // 45 degrees: x' = x + y: (2, 1, 4, 3) -> x 3..7.
        using var sample = Sample(10, 10, [2, 1, 4, 3]);

        new RandomAffine(new()).Apply(sample, new ListedDraws(0, 1, 45, 0, 0, 0));

        AssertClose([3, 1, 7, 3], sample.Boxes!);
    }

    [Fact]
    public void Apply_AroundCentre_MosaicsMiddleFillsTheResult()
    {
        // Half of 20 x 20 around its centre: the inner half (5..15) becomes 0..10; at scale 1, box (6, 7, 9, 12) moves by -5.
        using var sample = Sample(20, 20, [6, 7, 9, 12]);
        var options = new RandomAffineOptions { AroundCentre = true, BorderHeight = -5, BorderWidth = -5 };

        new RandomAffine(options).Apply(sample, new ListedDraws(0, 1, 0, 0, 0, 0));

        Assert.Equal(new ImageShape(10, 10), sample.ImageShape);
        Assert.Equal([1f, 2, 4, 7], sample.Boxes!);
    }

    [Fact]
    public void Apply_AroundTheCorner_TopLeftFillsTheResult()
    {
        using var sample = Sample(20, 20, [6, 7, 9, 12, 11, 0, 12, 4]);

        new RandomAffine(new() { BorderHeight = -5, BorderWidth = -5 }).Apply(sample, new ListedDraws(0, 1, 0, 0, 0, 0));

        Assert.Equal([6f, 7, 9, 10], sample.Boxes!);
        Assert.Single(sample.Labels!);
    }

    [Fact]
    public void Apply_Filter_DropsWhatIsLeftOver()
    {
        // Shifted 8 of 10 to the right: of (0, 0, 9, 9) 2 / 9 are left, of (0, 0, 4, 9) half, (1, 1, 2, 9) is 1 wide.
        using var sample = Sample(10, 10, [0, 0, 9, 9, 0, 0, 4, 9, 1, 1, 2, 9]);
        var options = new RandomAffineOptions { Filter = new BoxFilter(1.5, 0.3, 20) };

        new RandomAffine(options).Apply(sample, new ListedDraws(0, 1, 0, 0, 0.8, 0));

        Assert.Equal([8f, 0, 10, 9], sample.Boxes!);
        Assert.Equal([1L], sample.Labels!);
    }

    [Fact]
    public void Apply_BorderLargerThanTheImage_Explains()
    {
        using var sample = Sample(10, 10, []);

        var error = Assert.Throws<PipelineException>(
            () => new RandomAffine(new() { BorderHeight = -5 }).Apply(sample, new CounterRandom(0)));

        Assert.Contains("border must leave an image", error.Message, StringComparison.Ordinal);
    }

    internal static Sample Sample(int width, int height, float[] boxes)
    {
        var sample = MMDetSharp.Data.Pipelines.Sample.FromImage(Imaging.TestImages.Gradient(width, height), "a.png");
        (sample.Boxes, sample.Labels) = (boxes, [.. Enumerable.Range(0, boxes.Length / 4).Select(i => (long)i)]);
        (sample.IgnoredBoxes, sample.ImageShape) = ([], sample.Image.Shape);
        return sample;
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
}
