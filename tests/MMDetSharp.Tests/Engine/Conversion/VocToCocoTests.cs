using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Conversion;
using MMDetSharp.Tests.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Conversion;

public class VocToCocoTests
{
    [Fact]
    public void Convert_SmallSet_GivesCocoBoxes()
    {
        using var folder = new TemporaryFolder();
        const string Size = "<size><width>100</width><height>50</height></size>";
        XmlDatasetTests.Annotate(
            folder, "a", $"{Size}{XmlDatasetTests.Box("zebra", 1, 3, 10, 20)}{XmlDatasetTests.Box("ant", 5, 5, 5, 9)}");
        XmlDatasetTests.Annotate(folder, "b", $"{Size}{XmlDatasetTests.Box("ant", 2, 2, 4, 4, 1)}");
        folder.Write("ImageSets/Main/train.txt", "b 1\na -1\n");
        var output = Path.Combine(folder.Path, "train.json");

        var report = VocToCoco.Convert(
            new VocToCocoOptions { Root = folder.Path, Output = output, CheckImages = false });
        var read = CocoAnnotations.Load(output);

        Assert.Equal([("ant", 1), ("zebra", 1)], report.Classes);
        Assert.Equal([new CocoImage(1, "b.jpg", 100, 50), new CocoImage(2, "a.jpg", 100, 50)], read.Images);
        Assert.True(read.Of(0)[0].IsCrowd);
        var box = read.Of(1)[0];             // x = 1 - 1, width = 10 - 1 + 1
        Assert.Equal((0.0, 2.0, 10.0, 18.0, 180.0), (box.X, box.Y, box.Width, box.Height, box.Area));
        Assert.Contains("object 1 (ant)", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [SharedFact("data/bccd/BCCD/ImageSets/Main/test.txt")]
    public void Convert_Bccd_GivesThreeClassesOnEverySplit()
    {
        using var folder = new TemporaryFolder();
        var counts = new List<(int Images, int Boxes)>();
        foreach (var split in (string[])["train", "val", "test"])
        {
            var report = VocToCoco.Convert(new VocToCocoOptions
            {
                Root = Path.Combine(RepositoryFolder.Shared, "data/bccd/BCCD"),
                Split = split,
                Output = Path.Combine(folder.Path, $"{split}.json"),
            });

            Assert.Equal(["Platelets", "RBC", "WBC"], report.Classes.Select(c => c.Name));
            counts.Add((report.Annotations.Images.Count, report.Annotations.AnnotationCount));
        }

        Assert.Equal([205, 87, 72], counts.Select(c => c.Images));
        Assert.Equal(4888 - 2, counts.Sum(c => c.Boxes));        // two boxes of the set have no width
    }

    [Fact]
    public void Convert_Faults_AreNamed()
    {
        using var folder = new TemporaryFolder();
        var options = new VocToCocoOptions { Root = folder.Path, Output = Path.Combine(folder.Path, "o.json") };
        folder.Write("ImageSets/Main/val.txt", "a\na\n");
        folder.Write("ImageSets/Main/none.txt", "\n");

        AssertFault(options, "train.txt: the list of images does not exist", "Splits there: none, val");
        AssertFault(options with { Split = "val" }, "found 'a' twice");
        AssertFault(options with { Split = "none" }, "must list images");
        folder.Write("ImageSets/Main/train.txt", "a");
        AssertFault(options, "a.xml: the annotation does not exist");
        XmlDatasetTests.Annotate(folder, "a", "<size><width>9</width><height>9</height></size>");
        AssertFault(options, "the image must be in", "found no a.jpg");
    }

    private static void AssertFault(VocToCocoOptions options, params string[] parts)
    {
        var message = Assert.Throws<DatasetException>(() => VocToCoco.Convert(options)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
