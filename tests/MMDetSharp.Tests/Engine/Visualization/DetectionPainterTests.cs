using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Visualization;

public sealed class DetectionPainterTests
{
    private static readonly string[] s_classes = ["person", "dog", "红细胞"];

    [Fact]
    public void Paint_Detections_DrawsAtTheBoxOnly()
    {
        using var image = Image.Create(new(200, 300), PixelType.UInt8, 255, 255, 255);
        var detections = new ImageDetections([50, 60, 150, 160, 0, 0, 20, 20], [0.9f, 0.1f], [1, 0]);

        using var painted = new DetectionPainter(s_classes).Paint(image, detections);

        Assert.Equal(image.Shape, painted.Shape);
        Assert.All(image.Bytes.ToArray(), value => Assert.Equal(255, value));
        Assert.InRange(Distance(Palette.At(1), At(painted, 50, 110)), 0, 40);  // anti-aliasing mixes a little
        Assert.Equal(Color.White, At(painted, 100, 110));
        Assert.Equal(Color.White, At(painted, 0, 10));
        Assert.NotEqual(Color.White, At(painted, 53, 55));
    }

    [Theory]
    [InlineData(-500, -500, 2000, 2000)]
    [InlineData(290, 190, 299, 199)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1e30, 1e30, 2e30, 2e30)]
    public void Paint_BoxAtOrBeyondTheEdge_Works(double x1, double y1, double x2, double y2)
    {
        using var image = Image.Create(new(200, 300), PixelType.UInt8, 9, 9, 9);

        using var painted = new DetectionPainter(s_classes).Paint(image, [new(x1, y1, x2, y2, 0, 0.5)]);

        Assert.Equal(image.Shape, painted.Shape);
    }

    [Fact]
    public void Paint_TinyGrayImage_Works()
    {
        using var image = Image.Create(new(1, 1, 1));

        using var painted = new DetectionPainter(s_classes, new() { Zoom = 4 }).Paint(image, [new(0, 0, 1, 1, 2)]);

        Assert.Equal(new ImageShape(4, 4), painted.Shape);
    }

    [Fact]
    public void Find_BoxesOnOneAnother_GetLabelsApart()
    {
        var layout = new LabelLayout(300, 200);

        var first = layout.Find(new(50, 60, 150, 160, 0), 80, 15);
        var second = layout.Find(new(52, 62, 150, 160, 0), 80, 15);

        Assert.Equal(new(50, 45, 80, 15), first);
        Assert.False(first.Overlaps(second));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(280, 190)]
    public void Find_BoxInACorner_LiesInside(double x, double y)
    {
        var place = new LabelLayout(300, 200).Find(new(x, y, x + 10, y + 10, 0), 80, 15);

        Assert.InRange(place.X, 0, 300 - 80);
        Assert.InRange(place.Y, 0, 200 - 15);
    }

    [Fact]
    public void Palette_First100_DifferFromTheirNeighbours()
    {
        for (var i = 0; i < 99; i++)
        {
            Assert.True(Distance(Palette.At(i), Palette.At(i + 1)) > 100, $"{i}");
        }
    }

    // WCAG 2 asks for a contrast of 4.5 for text; black or white always reaches it.
    [Fact]
    public void Ink_EveryClassColor_CanBeRead()
    {
        for (var i = 0; i < 100; i++)
        {
            var color = Palette.At(i);
            var (light, dark) = (Math.Max(color.Luminance, color.Ink.Luminance), Math.Min(color.Luminance, color.Ink.Luminance));
            Assert.True((light + 0.05) / (dark + 0.05) >= 4.5, $"{i}: {color}");
        }
    }

    [SharedFact("data/photos/dog.jpg")]
    public void Paint_Photo_IsWritten()
    {
        using var image = ImageFile.Read(Path.Combine(RepositoryFolder.Shared, "data/photos/dog.jpg"));
        var folder = Environment.GetEnvironmentVariable("MMDET_IMAGES");

        using var painted = new DetectionPainter(["dog", "bicycle", "truck"]).Paint(
            image,
            [
                new(131, 219, 310, 541, 0, 0.98), new(118, 124, 567, 420, 1, 0.93), new(465, 76, 688, 170, 2, 0.87),
                new(467, 78, 690, 172, 1, 0.41), new(700, 2, 767, 60, 0, 0.55), new(0, 560, 60, 575, 2, 0.35),
            ]);

        if (folder is not null)
        {
            ImageFile.Write(painted, Path.Combine(folder, "painted.png"));
        }

        Assert.Equal(image.Shape, painted.Shape);
    }

    private static int Distance(Color a, Color b) =>
        Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);

    private static Color At(Image image, int x, int y)
    {
        var pixel = image.Bytes.Slice(((y * image.Width) + x) * 3, 3);
        return new(pixel[2], pixel[1], pixel[0]);
    }
}
