using System.Text.Json;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

[Collection(UsesConsole.Name)]
public sealed class TrainAndTestCommandTests(TrainedCommand trained)
{
    [Fact]
    public void Train_Output_IsTheCheckpointAndProgressGoesToErrors()
    {
        Assert.Equal(trained.Blocks.Under("work/epoch_8.pth"), trained.Result.Output.TrimEnd());
        Assert.Contains("loss", trained.Result.Errors, StringComparison.Ordinal);
        Assert.Contains("img/s", trained.Result.Errors, StringComparison.Ordinal);
        Assert.Contains("left", trained.Result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Resumed_GoesOn()
    {
        var result = MmdetProcess.Run(
            "train", trained.Blocks.Config, "--work-dir", trained.Blocks.Under("more"),
            "--resume-from", trained.Checkpoint, "--no-validate", "--cfg-options", "total_epochs=9").Succeeded();

        Assert.Equal(trained.Blocks.Under("more/epoch_9.pth"), result.Output.TrimEnd());
        Assert.Contains("epoch 9/9", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 8/9", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_EvaluationOutAndImages_GiveTableFileAndFolder()
    {
        var (target, shown) = (trained.Blocks.Under("results.json"), trained.Blocks.Under("shown"));

        var result = Test(
            "--eval", "bbox", "--out", target, "--show-dir", shown, "--show-score-thr", "0.1",
            "--eval-options", "classwise=True").Succeeded();

        Assert.Contains("Average Precision", result.Output, StringComparison.Ordinal);
        Assert.Contains("bright", result.Output, StringComparison.Ordinal);
        Assert.Equal(8, Directory.GetFiles(shown).Length);
        var detections = JsonDocument.Parse(File.ReadAllBytes(target)).RootElement.EnumerateArray().ToList();
        Assert.NotEmpty(detections);
        Assert.All(detections, found =>
        {
            Assert.Equal(
                ["image_id", "bbox", "score", "category_id"], found.EnumerateObject().Select(field => field.Name));
            Assert.InRange(found.GetProperty("image_id").GetInt32(), 1, 8);
            Assert.Contains(found.GetProperty("category_id").GetInt32(), (int[])[3, 5]);
            var box = found.GetProperty("bbox").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            Assert.InRange(box[2], 0, 97 - box[0]);       // width, not the right edge
        });
    }

    [Fact]
    public void Test_FormatOnly_PrintsNoTable()
    {
        var target = trained.Blocks.Under("only.json");

        var result = Test("--format-only", "--out", target).Succeeded();

        Assert.Empty(result.Output);
        Assert.True(File.Exists(target));
    }

    [Fact]
    public void Test_UnknownMetric_ListsThoseThereAre() => Test("--eval", "boxes").Failed(1, "boxes", "bbox");

    [Fact]
    public void Test_UnknownEvaluationOption_IsNamed() =>
        Test("--eval", "bbox", "--eval-options", "classwize=True").Failed(1, "classwize", "classwise");

    [Fact]
    public void Curves_OfTheTraining_AreDrawn()
    {
        var log = Assert.Single(Directory.GetFiles(trained.Blocks.Under("work"), "*.log.json"));
        var target = trained.Blocks.Under("curves.svg");

        MmdetProcess.Run("analyze", "curves", log, "--out", target).Succeeded();

        Assert.Contains("<svg", File.ReadAllText(target), StringComparison.Ordinal);
        MmdetProcess.Run("analyze", "curves", trained.Blocks.Under("none.json")).Failed(1, "none.json");
        MmdetProcess.Run("analyze", "curves", trained.Blocks.ImagePath(0)).Failed(1, "0.png");
    }

    private MmdetResult Test(params string[] options) =>
        MmdetProcess.Run(["test", trained.Blocks.Config, trained.Checkpoint, .. options]);
}
