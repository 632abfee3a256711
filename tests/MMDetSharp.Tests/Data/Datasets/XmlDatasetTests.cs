using MMDetSharp.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets;

public class XmlDatasetTests
{
    private const string Size = "<size><width>100</width><height>50</height></size>";

    [Fact]
    public void Item_DifficultAndFlatBoxes_AreSortedOut()
    {
        using var folder = new TemporaryFolder();
        Annotate(
            folder,
            "a",
            $"{Size}{Box("cat", 2, 3, 10, 20)}{Box("dog", 1, 1, 9, 9, 1)}"
            + $"{Box("cat", 5, 5, 5, 9)}{Box("ufo", 1, 1, 2, 2)}");

        var dataset = Make(folder, "a");
        var item = dataset.Item(0);

        Assert.Equal([1, 2, 9, 19], item.Boxes);
        Assert.Equal([0], item.Labels);
        Assert.Equal([0, 0, 8, 8], item.IgnoredBoxes);
        Assert.Equal([1], item.IgnoredLabels);
        Assert.Equal((100, 50), (item.Width, item.Height));
        Assert.Equal(Path.Combine(folder.Path, "JPEGImages", "a.jpg"), item.ImagePath);
        Assert.Contains("no width", Assert.Single(dataset.Report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Item_WiderFace_LiesInTheFolderOfItsAnnotation()
    {
        using var folder = new TemporaryFolder();
        Annotate(folder, "a", $"<folder>0--Parade</folder>{Size}{Box("cat", 2, 3, 10, 20)}");

        var dataset = Make(folder, "a", options => options with { Layout = XmlLayout.WiderFace });

        Assert.Equal(Path.Combine(folder.Path, "0--Parade", "a.jpg"), dataset.Item(0).ImagePath);
    }

    [SharedFact("data/bccd/BCCD/JPEGImages")]
    public void Item_WithoutSize_IsAsLargeAsItsImage()
    {
        using var folder = new TemporaryFolder();
        Annotate(folder, "a", Box("cat", 2, 3, 10, 20));
        Directory.CreateDirectory(Path.Combine(folder.Path, "JPEGImages"));
        File.Copy(
            Path.Combine(RepositoryFolder.Shared, "data/bccd/BCCD/JPEGImages/BloodImage_00000.jpg"),
            Path.Combine(folder.Path, "JPEGImages", "a.jpg"));

        var item = Make(folder, "a").Item(0);

        Assert.Equal((640, 480), (item.Width, item.Height));
    }

    [Theory]
    [InlineData("<size><width>x</width></size>", "a.xml:1: width must be a count of pixels, found 'x'")]
    [InlineData("", "size must hold width and height", "a.jpg is no readable")]
    [InlineData(Size + "<object><name>cat</name></object>", "object 0 (cat): must have a bndbox")]
    [InlineData(Size + "<object></object>", "object 0: must have a name")]
    [InlineData(
        Size + "<object><name>cat</name><bndbox><xmin>nan</xmin></bndbox></object>",
        "object 0 (cat): xmin must be a finite number, found 'nan'")]
    [InlineData(Size + "<object>", "a.xml:1: the file must be XML")]
    public void Constructor_BrokenAnnotation_NamesFileAndFault(string content, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        Annotate(folder, "a", content);

        var message = Assert.Throws<DatasetException>(() => Make(folder, "a")).Message;

        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Constructor_MissingFiles_AreNamed()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "b.xml: the annotation does not exist",
            Assert.Throws<DatasetException>(() => Make(folder, "b")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "none.txt: the file does not exist",
            Assert.Throws<DatasetException>(() => new XmlDataset(
                new XmlDatasetOptions { AnnotationFile = Path.Combine(folder.Path, "none.txt") })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NoObjectOfTheClasses_SaysWhatThereIs()
    {
        using var folder = new TemporaryFolder();
        Annotate(folder, "a", $"{Size}{Box("RBC", 1, 1, 5, 5)}");

        var dataset = Make(folder, "a");

        Assert.Equal(0, dataset.Count);
        Assert.Contains("found RBC", Assert.Single(dataset.Report.Warnings), StringComparison.Ordinal);
    }

    internal static string Box(string name, int xmin, int ymin, int xmax, int ymax, int difficult = 0) =>
        $"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin>"
        + $"<xmax>{xmax}</xmax><ymax>{ymax}</ymax></bndbox></object>";

    internal static void Annotate(TemporaryFolder folder, string name, string content) =>
        folder.Write($"Annotations/{name}.xml", $"<annotation>{content}</annotation>");

    private static XmlDataset Make(
        TemporaryFolder folder, string names, Func<XmlDatasetOptions, XmlDatasetOptions>? change = null)
    {
        var options = new XmlDatasetOptions
        {
            AnnotationFile = folder.Write("list.txt", names + "\n\n"),
            ImageFolder = folder.Path,
            Classes = ["cat", "dog"],
        };
        return new XmlDataset(change is null ? options : change(options));
    }
}
