using System.Text.Json;

using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

[Collection(UsesConsole.Name)]
public sealed class DemoCommandTests(TrainedCommand trained)
{
    [Fact]
    public void Run_OneImage_PaintsItAndWritesTheAgreedJson()
    {
        var (target, json) = (trained.Blocks.Under("found.jpg"), trained.Blocks.Under("found.json"));

        var result = Demo(trained.Blocks.ImagePath(0), "--out", target, "--json", json, "--score-thr", "0.05")
            .Succeeded();

        Assert.Contains(target, result.Output, StringComparison.Ordinal);
        using (var painted = ImageFile.Read(target))
        {
            Assert.Equal((96, 64), (painted.Width, painted.Height));
        }

        var one = Assert.Single(JsonDocument.Parse(File.ReadAllBytes(json)).RootElement.EnumerateArray().ToList());
        Assert.Equal(["file", "width", "height", "detections"], Names(one));
        Assert.Equal(trained.Blocks.ImagePath(0), one.GetProperty("file").GetString());
        Assert.Equal((96, 64), (one.GetProperty("width").GetInt32(), one.GetProperty("height").GetInt32()));
        var detections = one.GetProperty("detections").EnumerateArray().ToList();
        Assert.NotEmpty(detections);
        Assert.All(detections, found =>
        {
            Assert.Equal(["bbox", "score", "label", "class"], Names(found));
            Assert.Equal(4, found.GetProperty("bbox").GetArrayLength());
            Assert.InRange(found.GetProperty("score").GetDouble(), 0.05, 1);
            var label = found.GetProperty("label").GetInt32();
            Assert.Equal(((string[])["bright", "red"])[label], found.GetProperty("class").GetString());
        });
    }

    [Theory]
    [InlineData("", "0.png 1.png 2.png 3.png 4.png 5.png 6.png 7.png")]
    [InlineData("[0-2].png", "")]
    [InlineData("*.png", "0.png 1.png 2.png 3.png 4.png 5.png 6.png 7.png")]
    [InlineData("?.png", "0.png 1.png 2.png 3.png 4.png 5.png 6.png 7.png")]
    [InlineData("7*", "7.png")]
    public void Run_FolderOrPattern_PaintsEachImage(string pattern, string expected)
    {
        using var target = new TemporaryFolder();
        using var source = new TemporaryFolder();
        for (var image = 0; image < 8; image++)
        {
            File.Copy(trained.Blocks.ImagePath(image), source.Under($"{image}.png"));
        }

        source.Write("notes.txt", "no image");

        var result = Demo(source.Under(pattern), "--out", target.Path);

        Assert.Equal(expected.Length > 0 ? 0 : 1, result.ExitCode);
        var written = Directory.GetFiles(target.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join(' ', written));
    }

    [Fact]
    public void Run_NothingThere_SaysWhatItMayBe()
    {
        Demo(trained.Blocks.Under("none.jpg")).Failed(1, "none.jpg", "a folder of images or a pattern");
        Demo(trained.Blocks.Under("none/*.jpg")).Failed(1, "none/*.jpg");
    }

    [Fact]
    public void Run_SeveralImagesIntoOneFile_IsWrongUsage() =>
        Demo(trained.Blocks.Root, "--out", trained.Blocks.Under("one.jpg")).Failed(2, "Name a folder");

    [Fact]
    public async Task Process_OneImage_PaintsIt()
    {
        var target = trained.Blocks.Under("process.jpg");

        var result = await MmdetProcess.RunAsync(
            "demo", trained.Blocks.ImagePath(0), trained.Blocks.Config, trained.Checkpoint, "--out", target);

        Assert.StartsWith(target, result.Succeeded().Output, StringComparison.Ordinal);
        Assert.True(File.Exists(target));
    }

    private MmdetResult Demo(string image, params string[] options) =>
        MmdetProcess.Run(["demo", image, trained.Blocks.Config, trained.Checkpoint, .. options]);

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(field => field.Name);
}
