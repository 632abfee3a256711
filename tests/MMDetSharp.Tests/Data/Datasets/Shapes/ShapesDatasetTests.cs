using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Datasets.Shapes;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets.Shapes;

public sealed class ShapesDatasetTests
{
    private static readonly ShapesOptions s_few = new() { TrainImages = 6, ValImages = 3 };

    [Fact]
    public void Write_Twice_GivesTheSameFiles()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();

        ShapesDataset.Write(first.Path, s_few);
        ShapesDataset.Write(second.Path, s_few);

        var files = Directory.EnumerateFiles(first.Path, "*", SearchOption.AllDirectories).ToList();
        Assert.Equal(11, files.Count);      // 6 + 3 images and two annotation files
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(second.Path, Path.GetRelativePath(first.Path, file)))));
    }

    [Fact]
    public void Write_Boxes_LieInsideTheImagesAndHaveShapes()
    {
        using var folder = new TemporaryFolder();
        ShapesDataset.Write(folder.Path, s_few);

        var annotations = CocoAnnotations.Load(Path.Combine(folder.Path, "annotations/train.json"));

        Assert.Equal(["circle", "square", "triangle"], annotations.Categories.Select(category => category.Name));
        Assert.InRange(annotations.AnnotationCount, 6, 24);
        foreach (var entry in annotations.Images)
        {
            using var image = ImageFile.Read(Path.Combine(folder.Path, "train", entry.FileName));
            Assert.Equal((128, 128), (image.Width, image.Height));
        }
    }

    [Theory]
    [InlineData(5, 5, true, true, false)]       // the upper left corner belongs to the square's box only ...
    [InlineData(14.9, 14.9, true, true, true)]  // ... the middle to all
    public void Covers_PointOfTheBox_DependsOnTheKind(double x, double y, bool inBox, bool square, bool round)
    {
        DrawnShape Shape(ShapeKind kind) => new(kind, 5, 5, 20, 20, [0, 0, 0]);

        Assert.Equal(inBox && square, Shape(ShapeKind.Square).Covers(x, y));
        Assert.Equal(round, Shape(ShapeKind.Circle).Covers(x, y));
        Assert.Equal(round, Shape(ShapeKind.Triangle).Covers(x, y));
    }

    [Fact]
    public void Write_NoImage_SaysWhatMustBe()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ShapesDataset.Write("nowhere", new ShapesOptions { ValImages = 0 }));

        Assert.StartsWith("ShapesDataset: there must be at least one image in each split", error.Message);
    }
}
