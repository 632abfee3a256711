using MMDetSharp.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets;

public class CocoAnnotationsTests
{
    private const string Image = """{"id": 12, "file_name": "a.jpg", "width": 64, "height": 48}""";
    private const string Box = """{"id": 285, "image_id": 12, "category_id": 3, "bbox": [1, 2, 3, 4], "area": 12}""";

    [Fact]
    public void Load_SmallFile_GivesItsEntries()
    {
        using var folder = new TemporaryFolder();

        var annotations = CocoAnnotations.Load(folder.Write("a.json", AFile(Image, Box)));

        Assert.Equal(new CocoImage(12, "a.jpg", 64, 48), Assert.Single(annotations.Images));
        Assert.Equal(new CocoCategory(3, "cell"), Assert.Single(annotations.Categories));
        var box = annotations.Of(0)[0];
        Assert.Equal((285L, 1.0, 2.0, 3.0, 4.0, 12.0), (box.Id, box.X, box.Y, box.Width, box.Height, box.Area));
    }

    [Fact]
    public void Load_UnusualButValid_IsRead()
    {
        // A byte order mark, masks, unknown keys, flags as truth values, no area, lists in another order.
        using var folder = new TemporaryFolder();
        var text = $$"""
            {"info": {"a": [1, {"b": 2}]}, "annotations": [{"segmentation": [[1, 2, 3]], "iscrowd": true,
             "ignore": null, "id": 1, "image_id": 12, "category_id": 3, "bbox": [1.5, 2, 3, 4e0]}],
             "categories": [{"id": 3, "name": "cell", "supercategory": "x"}], "images": [{{Image}}]}
            """;

        var annotations = CocoAnnotations.Load(folder.Write("a.json", "\uFEFF" + text));

        var box = annotations.Of(0)[0];
        Assert.True(box.IsCrowd);
        Assert.Equal((1.5, 12.0), (box.X, box.Area));
        Assert.Equal(1, annotations.WithoutArea);
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "sub", "out.json");
        var first = CocoAnnotations.Load(folder.Write("a.json", AFile(Image, Box)));

        first.Save(path);
        var second = CocoAnnotations.Load(path);

        Assert.Equal(first.Images, second.Images);
        Assert.Equal(first.Categories, second.Categories);
        Assert.Equal(first.Of(0).ToArray(), second.Of(0).ToArray());
    }

    [Fact]
    public void Save_FolderIsAFile_SaysThatTheFileCannotBeWritten()
    {
        using var folder = new TemporaryFolder();
        var annotations = CocoAnnotations.Load(folder.Write("a.json", AFile(Image, Box)));

        var error = Assert.Throws<IOException>(() => annotations.Save(folder.Under("a.json/b.json")));

        Assert.Contains("b.json: cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Construct_ValidAnnotations_FormatsNoMessages()
    {
        CocoAnnotation[] boxes = [.. Enumerable.Range(0, 1000).Select(id => new CocoAnnotation(id, 12, 3))];

        // A message would hold the path: 1000 of them 2 MB more where the path has 1000 letters more.
        var more = Allocated(new string('a', 1001), boxes) - Allocated("a", boxes);

        Assert.InRange(more, -100_000, 100_000);
    }

    [Fact]
    public void Load_FileMissing_SaysWhatToSet() =>
        AssertMessage(
            () => CocoAnnotations.Load("/nowhere/train.json"), "/nowhere/train.json", "does not exist", "ann_file");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   \n", "empty")]
    [InlineData("<html>", ":1:", "must be JSON", "column 1")]
    [InlineData("[]", "must be an object", "found a list")]
    [InlineData("{\"images\": []}", "no 'categories'")]
    [InlineData("{\"images\": 3}", "'images' must be a list", "found 3")]
    public void Load_NotAnAnnotationFile_SaysSo(string text, params string[] parts) => AssertFault(text, parts);

    [Fact]
    public void Load_Truncated_SaysSoWithThePlace()
    {
        var whole = AFile(Image, Box);
        for (var length = 2; length < whole.Length; length++)
        {
            AssertFault(whole[..length], "It is truncated");
        }

        AssertFault(whole[..whole.IndexOf("\"bbox\"", StringComparison.Ordinal)], "annotation 285 of image 12: ");
    }

    [Theory]
    [InlineData("[1, 2, NaN, 4]", "annotation 285 of image 12: ", "must be finite", "NaN")]
    [InlineData("[1, 2, -Infinity, 4]", "annotation 285 of image 12: ", "must be finite")]
    [InlineData("[1, 2, null, 4]", "annotation 285 of image 12: bbox[2] must be a finite number, found null")]
    [InlineData("[1, 2, 3]", "annotation 285 of image 12: bbox[3]", "the end of the list")]
    [InlineData("[1, 2, 3, 4, 5]", "annotation 285 of image 12: bbox must hold four numbers")]
    [InlineData("[1, 2, \"3\", 4]", "annotation 285 of image 12: bbox[2]", "'3'")]
    [InlineData("null", "annotation 285 of image 12: bbox must be a list")]
    public void Load_BrokenBox_NamesAnnotationAndImage(string box, params string[] parts) =>
        AssertFault(AFile(Image, Box.Replace("[1, 2, 3, 4]", box, StringComparison.Ordinal)), parts);

    [Theory]
    [InlineData(
        "\"category_id\": 3", "\"category_id\": 99", "annotation 285 of image 12: category_id", "found 99 where 3 are")]
    [InlineData("\"image_id\": 12", "\"image_id\": 13", "annotation 285 of image 13: ", "does not list it")]
    [InlineData("\"id\": 285, ", "", "annotation entry 0 (counted from 0) of image 12: 'id' is required")]
    [InlineData("\"bbox\": [1, 2, 3, 4], ", "", "annotation 285 of image 12: 'bbox' is required")]
    [InlineData("\"image_id\": 12, ", "", "annotation 285: 'image_id' is required")]
    [InlineData("\"category_id\": 3", "\"category_id\": 3.5", "category_id must be an integer, found 3.5")]
    [InlineData("285", "\"x\"", "id must be an integer, found 'x'")]
    public void Load_BrokenAnnotation_SaysWhatToMend(string old, string replacement, params string[] parts) =>
        AssertFault(AFile(Image, Box.Replace(old, replacement, StringComparison.Ordinal)), parts);

    [Theory]
    [InlineData("\"width\": 64", "\"width\": 0", "image 12: width must be a count of pixels above 0, found 0")]
    [InlineData("\"width\": 64, ", "", "image 12: 'width' is required")]
    [InlineData("\"file_name\": \"a.jpg\", ", "", "image 12: 'file_name' is required")]
    public void Load_BrokenImage_SaysWhatToMend(string old, string replacement, params string[] parts) =>
        AssertFault(AFile(Image.Replace(old, replacement, StringComparison.Ordinal), Box), parts);

    [Fact]
    public void Load_DuplicateIds_AreErrors()
    {
        AssertFault(AFile($"{Image}, {Image}", Box), "image ids must be unique, found 12 twice");
        AssertFault(AFile(Image, $"{Box}, {Box}"), "annotation 285 of image 12: ids must be unique");
    }

    [Fact]
    public void Load_TextAfterTheEnd_IsAnError() => AssertFault(AFile(Image, Box) + "}", "must be JSON");

    internal static string AFile(string images, string annotations) =>
        $$"""{"images": [{{images}}], "categories": [{"id": 3, "name": "cell"}], "annotations": [{{annotations}}]}""";

    private static long Allocated(string path, CocoAnnotation[] boxes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = new CocoAnnotations(path, [new(12, "a.jpg", 64, 48)], [new(3, "cell")], boxes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertFault(string text, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("train.json", text);
        AssertMessage(() => CocoAnnotations.Load(path), [path, .. parts]);
    }

    private static void AssertMessage(Action action, params string[] parts)
    {
        var message = Assert.Throws<DatasetException>(action).Message;
        Assert.All(parts, part => Assert.True(message.Contains(part, StringComparison.Ordinal), message));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }
}
