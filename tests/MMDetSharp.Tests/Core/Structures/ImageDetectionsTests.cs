using MMDetSharp.Core.Structures;

namespace MMDetSharp.Tests.Core.Structures;

public sealed class ImageDetectionsTests
{
    // Not by score: the second is the surest, the third has a class without a name.
    private static readonly ImageDetections s_found =
        new([0, 0, 1, 2, 10, 20, 30, 40, 5, 5, 6, 6], [0.5f, 0.75f, 0.25f], [0, 1, 2]) { Classes = ["cat", "dog"] };

    [Fact]
    public void Objects_AnyOrder_AreNamedAndSortedByScore()
    {
        Assert.Equal(
            [
                new DetectedObject(10, 20, 30, 40, 0.75f, 1, "dog"),
                new DetectedObject(0, 0, 1, 2, 0.5f, 0, "cat"),
                new DetectedObject(5, 5, 6, 6, 0.25f, 2, "class 2"),
            ],
            s_found.Objects);
    }

    [Fact]
    public void AtLeast_AScore_KeepsThoseThatReachIt() =>
        Assert.Equal(["dog", "cat"], s_found.AtLeast(0.5).Select(one => one.ClassName));

    [Fact]
    public void Above_AScore_DropsTheOthersAndKeepsTheirOrder()
    {
        var found = s_found.Above(0.5);

        Assert.Equal([0, 0, 1, 2, 10, 20, 30, 40], found.Boxes);
        Assert.Equal([0.5f, 0.75f], found.Scores);
        Assert.Equal([0, 1], found.Labels);
        Assert.Equal(s_found.Classes, found.Classes);
    }

    [Fact]
    public void Objects_None_AreEmpty()
    {
        Assert.Empty(ImageDetections.None.Objects);
        Assert.Equal(0, ImageDetections.None.Above(0).Count);
    }

    [Fact]
    public void Of_AnImage_TakesItsNameAndOriginalSize()
    {
        var info = new ImageInfo
        {
            FileName = "a.jpg",
            OriginalShape = new(480, 640),
            ImageShape = new(240, 320),
            PadShape = new(256, 320),
        };

        var found = s_found.Of(info, ["x"]);

        Assert.Equal(("a.jpg", 640, 480), (found.FileName, found.Width, found.Height));
        Assert.Equal(["x"], found.Classes);
    }
}
