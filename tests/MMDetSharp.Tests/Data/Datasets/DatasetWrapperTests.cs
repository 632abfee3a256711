using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Tests.Data.Datasets;

public class DatasetWrapperTests
{
    [Fact]
    public void Repeat_ThreeTimes_RunsThroughThreeTimes()
    {
        var dataset = new RepeatDataset(Two(), 3);

        Assert.Equal(6, dataset.Count);
        Assert.Equal(["a", "b", "a", "b", "a", "b"], Names(dataset));
        Assert.Equal([1, 0, 1, 0, 1, 0], dataset.AspectGroups);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Item(6));
        Assert.Throws<ArgumentException>(() => new RepeatDataset(Two(), 0));
    }

    [Fact]
    public void Concat_TwoParts_AppendsThem()
    {
        var dataset = new ConcatDataset([Two(), new RepeatDataset(Two(), 2)]);

        Assert.Equal(["a", "b", "a", "b", "a", "b"], Names(dataset));
        Assert.Equal([1, 0, 1, 0, 1, 0], dataset.AspectGroups);
        Assert.Equal(Two().CategoryIds(1), dataset.CategoryIds(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Item(-1));
    }

    [Fact]
    public void Concat_OtherClasses_IsAnError()
    {
        var other = new CocoDataset(
            new CocoDatasetOptions { AnnotationFile = "", Classes = ["dog"] },
            new CocoAnnotations("b.json", [], [new(1, "dog")], []));

        var message = Assert.Throws<DatasetException>(() => new ConcatDataset([Two(), other])).Message;

        Assert.Contains("same classes", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ConcatDataset([]));
    }

    [Fact]
    public void ClassBalanced_RareClass_IsRepeated()
    {
        // 9 images: cat on all, dog on one. t = 0.5: r(cat) = max(1, sqrt(0.5/1)) = 1, r(dog) = sqrt(0.5 * 9) = 2.12.
        // The image with the dog appears ceil(2.12) = 3 times.
        var images = Enumerable.Range(1, 9).Select(i => new CocoImage(i, $"{i}", 64, i == 4 ? 32 : 64)).ToList();
        var boxes = Enumerable.Range(1, 9).Select(i => CocoDatasetTests.Box(i, i, 1)).ToList();
        boxes.Add(CocoDatasetTests.Box(10, 4, 2));
        var inner = Make(images, boxes);

        var dataset = new ClassBalancedDataset(inner, 0.5);

        Assert.Equal(["1", "2", "3", "4", "4", "4", "5", "6", "7", "8", "9"], Names(dataset));
        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0], dataset.AspectGroups);
    }

    [Fact]
    public void ClassBalanced_EmptyImages_CountOnlyWhereAsked()
    {
        // 4 images, one empty: f(empty) = 1/4, r = sqrt(1 / 0.25) = 2; r(cat) = sqrt(1 / 0.75) = 1.15: twice.
        var images = Enumerable.Range(1, 4).Select(i => new CocoImage(i, $"{i}", 64, 64)).ToList();
        var inner = Make(images, [.. Enumerable.Range(1, 3).Select(i => CocoDatasetTests.Box(i, i, 1))]);

        Assert.Equal(["1", "1", "2", "2", "3", "3", "4"], Names(new ClassBalancedDataset(inner, 1)));
        Assert.Equal(
            ["1", "1", "2", "2", "3", "3", "4", "4"], Names(new ClassBalancedDataset(inner, 1, filterEmpty: false)));
        Assert.Throws<ArgumentException>(() => new ClassBalancedDataset(inner, 1.5));
    }

    private static CocoDataset Two() => Make(
        [new(1, "a", 64, 32), new(2, "b", 32, 64)],
        [CocoDatasetTests.Box(1, 1, 1), CocoDatasetTests.Box(2, 2, 2)]);

    private static CocoDataset Make(IReadOnlyList<CocoImage> images, IReadOnlyList<CocoAnnotation> boxes) => new(
        new CocoDatasetOptions { AnnotationFile = "", Classes = ["cat", "dog"], TestMode = true },
        new CocoAnnotations("a.json", images, [new(1, "cat"), new(2, "dog")], boxes));

    private static IEnumerable<string> Names(IDetectionDataset dataset) =>
        Enumerable.Range(0, dataset.Count).Select(i => dataset.Item(i).FileName);
}
