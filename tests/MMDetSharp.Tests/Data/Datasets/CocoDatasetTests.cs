using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Tests.Data.Datasets;

public class CocoDatasetTests
{
    private static readonly CocoCategory[] Categories = [new(5, "cat"), new(2, "dog"), new(9, "bird")];

    [Fact]
    public void Item_CrowdIgnoredTinyAndOtherClasses_AreSortedOut()
    {
        CocoImage[] images = [new(1, "sub/a.jpg", 100, 50)];
        CocoAnnotation[] boxes =
        [
            Box(1, 1, 2) with { X = 1, Y = 2, Width = 10, Height = 20 },
            Box(2, 1, 5) with { IsCrowd = true },
            Box(3, 1, 5) with { IsIgnored = true },
            Box(4, 1, 5) with { Width = 0.5 },
            Box(5, 1, 5) with { Area = 0 },
            Box(6, 1, 9),
        ];

        var dataset = Make(images, boxes, "cat", "dog");
        var item = dataset.Item(0);

        Assert.Equal([1, 2, 11, 22], item.Boxes);
        Assert.Equal([1], item.Labels);          // cat 5 is label 0, dog 2 is label 1: the order of the file
        Assert.Equal([0, 0, 8, 8], item.IgnoredBoxes);
        Assert.Equal([0], item.IgnoredLabels);
        Assert.Equal((byte)1, dataset.AspectGroups[0]);
        Assert.Equal("1", item.Id);
        Assert.Equal(Path.Combine("images", "sub/a.jpg"), item.ImagePath);
        Assert.Equal([2, 5, 5, 5, 5, 9], dataset.CategoryIds(0));
        Assert.Equal(2, dataset.Report.DroppedBoxes);
        var warning = Assert.Single(dataset.Report.Warnings);
        Assert.Contains("train.json: annotation 4 of image 1: ", warning, StringComparison.Ordinal);
        Assert.Contains("2 of 6", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_BoxWithoutWidth_IsNamed()
    {
        var dataset = Make([new(1, "a.jpg", 64, 64)], [Box(285, 1, 5) with { Width = 0 }], "cat");

        Assert.Contains(
            "train.json: annotation 285 of image 1: box (0, 0, 0, 8) (x, y, width, height) has no width",
            Assert.Single(dataset.Report.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Count_TrainingFilters_AreThoseOfTheReference()
    {
        CocoImage[] images =
        [
            new(1, "kept.jpg", 64, 32),
            new(2, "small.jpg", 64, 31),
            new(3, "empty.jpg", 64, 64),
            new(4, "other.jpg", 64, 64),
            new(5, "tiny.jpg", 64, 64),          // only a dropped box: the image stays
        ];
        CocoAnnotation[] boxes =
            [Box(1, 1, 5), Box(2, 2, 5), Box(3, 4, 9), Box(4, 5, 5) with { Width = 0.1 }];

        Assert.Equal(["kept.jpg", "tiny.jpg"], Names(Make(images, boxes, "cat")));
        Assert.Equal(5, Make(images, boxes, o => o with { Classes = ["cat"], TestMode = true }).Count);
        Assert.Equal(
            ["kept.jpg", "empty.jpg", "other.jpg", "tiny.jpg"],
            Names(Make(images, boxes, o => o with { Classes = ["cat"], FilterEmpty = false })));
        Assert.Equal(3, Make(images, boxes, "cat").Report.FilteredImages);
    }

    [Fact]
    public void Classes_InAnotherOrder_FollowTheFileAndWarn()
    {
        var dataset = Make([new(1, "a.jpg", 64, 64)], [Box(1, 1, 2)], "dog", "cat");

        Assert.Equal(["cat", "dog"], dataset.Classes);
        Assert.Equal([5, 2], dataset.ClassCategoryIds);
        Assert.Contains("order of the file", Assert.Single(dataset.Report.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cta", "Did you mean cat?")]
    [InlineData("platelet", "found cat, dog, bird", "Set classes")]
    public void Classes_NotInTheFile_AreErrors(string name, params string[] parts)
    {
        var message = Assert.Throws<DatasetException>(() => Make([], [], name)).Message;

        Assert.All(
            (string[])[$"train.json: every class must be among its categories, '{name}' is not", .. parts],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Item_IndexOutOfRange_NamesTheCount() =>
        Assert.Contains(
            "has 1 images",
            Assert.Throws<ArgumentOutOfRangeException>(
                () => Make([new(1, "a.jpg", 64, 64)], [Box(1, 1, 5)], "cat").Item(1)).Message,
            StringComparison.Ordinal);

    internal static CocoAnnotation Box(long id, long image, long category) =>
        new(id, image, category) { Width = 8, Height = 8, Area = 64 };

    private static CocoDataset Make(CocoImage[] images, CocoAnnotation[] boxes, params string[] classes) =>
        Make(images, boxes, options => options with { Classes = classes });

    private static CocoDataset Make(
        CocoImage[] images, CocoAnnotation[] boxes, Func<CocoDatasetOptions, CocoDatasetOptions> change) =>
        new(
            change(new CocoDatasetOptions { AnnotationFile = "train.json", ImageFolder = "images" }),
            new CocoAnnotations("train.json", images, Categories, boxes));

    private static IEnumerable<string> Names(CocoDataset dataset) =>
        Enumerable.Range(0, dataset.Count).Select(i => dataset.Item(i).FileName);
}
