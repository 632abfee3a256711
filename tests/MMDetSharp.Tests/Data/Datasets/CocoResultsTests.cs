using MMDetSharp.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets;

public class CocoResultsTests
{
    [Fact]
    public void Save_ThenLoad_GivesTheSameNumbers()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "results.json");
        var first = new CocoResults();
        first.Add(new CocoResult(7, 18, 0.1f) { X = 1.1f, Y = -2, Width = 1e-7, Height = 300.25 });
        first.Add(new CocoResult(9, 1, 1) { X = 0, Y = 0, Width = 1.0 / 3, Height = 2 });

        first.Save(path);
        var second = CocoResults.Load(path);

        Assert.Equal(first.Rows.ToArray(), second.Rows.ToArray());
        Assert.StartsWith("[{\"image_id\":7,\"bbox\":[", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyList_IsNoError()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(0, CocoResults.Load(folder.Write("r.json", "[]")).Count);
    }

    [Theory]
    [InlineData("{}", "the file must be a list")]
    [InlineData(
        "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}]", "result entry 0", "of image 1: 'score'")]
    [InlineData("[{\"image_id\": 1, \"category_id\": 1, \"score\": 1}]", "'bbox' is required")]
    [InlineData("[{\"image_id\": 1, \"score\": NaN}]", "of image 1: numbers must be finite")]
    [InlineData("[{\"image_id\": 1, ", "It is truncated")]
    public void Load_BrokenFile_NamesThePlace(string text, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("r.json", text);

        var message = Assert.Throws<DatasetException>(() => CocoResults.Load(path)).Message;

        Assert.All((string[])[path, .. parts], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Add_NotANumber_IsAnError()
    {
        var message = Assert.Throws<DatasetException>(
            () => new CocoResults().Add(new CocoResult(5, 1, double.NaN))).Message;

        Assert.Contains("image 5", message, StringComparison.Ordinal);
    }
}
