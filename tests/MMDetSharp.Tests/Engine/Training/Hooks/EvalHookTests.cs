using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Engine.Training.Hooks;

public sealed class EvalHookTests
{
    [Theory]
    [InlineData(1, null, "1 2 3 4 5 6")]
    [InlineData(2, null, "2 4 6")]
    [InlineData(1, 4, "4 5 6")]
    [InlineData(2, 3, "3 5")]
    public void IsDue_IntervalAndStart_AreTheReferences(int interval, int? start, string expected)
    {
        var hook = new EvalHook(new EvalOptions { Interval = interval, Start = start }, _ => throw new NotSupportedException());

        var epochs = Enumerable.Range(0, 6).Where(hook.IsDue).Select(epoch => epoch + 1);

        Assert.Equal(expected, string.Join(' ', epochs));
    }

    [Fact]
    public void Run_SaveBest_KeepsOnlyTheBestAndItsScore()
    {
        using var folder = new TemporaryFolder();
        using var training = Train(folder.Path, [0.1, 0.5, 0.3]);

        var result = training.Run();

        Assert.Equal(folder.Under("best_bbox_mAP_epoch_2.pth"), result.BestCheckpoint);
        Assert.Single(Directory.GetFiles(folder.Path, "best_*"));
        using var checkpoint = Checkpoint.Read(result.BestCheckpoint!);
        Assert.Equal(0.5, checkpoint.Meta["best_score"].AsDouble());
        Assert.Equal(2, checkpoint.Meta["epoch"].AsInt64());
        Assert.Equal(0.3, result.LastEvaluation["bbox_mAP"]);
    }

    [Fact]
    public void Run_Resumed_KnowsTheBestOfBefore()
    {
        using var folder = new TemporaryFolder();
        using (var first = Train(folder.Path, [0.1, 0.5, 0.3]))
        {
            first.Run();
        }

        using var second = Train(folder.Path, [0.4], epochs: 4);
        second.Runner.Resume(folder.Under("latest.pth"));
        var result = second.Run();

        Assert.Equal(folder.Under("best_bbox_mAP_epoch_2.pth"), result.BestCheckpoint);
    }

    [Theory]
    [InlineData("bbox_mAP", 0.5, 0.2, 1)]
    [InlineData("bbox_mAP", 0.2, 0.5, 2)]
    [InlineData("auto", 0.5, 0.2, 1)]
    [InlineData("auto", 0.2, 0.5, 2)]
    public void Run_ResumedBesideSeveralBestFiles_GoesOnFromTheBest(string saveBest, double one, double two, int best)
    {
        using var folder = new TemporaryFolder();
        using (var first = Train(folder.Path, [0.1], epochs: 1))
        {
            first.Run();
        }

        WriteBest(folder.Under("best_bbox_mAP_epoch_1.pth"), one);
        WriteBest(folder.Under("best_bbox_mAP_epoch_2.pth"), two);

        using var second = Train(folder.Path, [0.3], epochs: 2, saveBest);
        second.Runner.Resume(folder.Under("latest.pth"));
        var result = second.Run();

        Assert.Equal(folder.Under($"best_bbox_mAP_epoch_{best}.pth"), result.BestCheckpoint);
    }

    [Fact]
    public void Run_ResumedBesideTheBestOfAnotherNumber_ComparesOnlyItsOwn()
    {
        using var folder = new TemporaryFolder();
        using (var first = Train(folder.Path, [0.1], epochs: 1))
        {
            first.Run();
        }

        WriteBest(folder.Under("best_bbox_mAP_50_epoch_1.pth"), 0.9);

        using var second = Train(folder.Path, [0.3], epochs: 2, saveBest: "bbox_mAP");
        second.Runner.Resume(folder.Under("latest.pth"));
        var result = second.Run();

        Assert.Equal(folder.Under("best_bbox_mAP_epoch_2.pth"), result.BestCheckpoint);
    }

    [Fact]
    public void Run_Evaluation_IsLoggedAsVal()
    {
        using var folder = new TemporaryFolder();
        using var training = Train(folder.Path, [0.1, 0.5, 0.3]);

        var result = training.Run();

        var lines = File.ReadAllLines(result.JsonLog!).Where(line => line.Contains("\"val\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Contains("\"epoch\": 2, \"iter\": 5, ", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"bbox_mAP\": 0.5, \"bbox_mAP_copypaste\": \"0.5 0.6\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownNumberForTheBest_NamesTheKnownOnes()
    {
        using var folder = new TemporaryFolder();
        using var training = Train(folder.Path, [0.1], saveBest: "bbox_AP");

        var error = Assert.Throws<TrainingException>(() => training.Run());

        Assert.Contains("bbox_mAP", error.Message, StringComparison.Ordinal);
    }

    private static void WriteBest(string path, double score) =>
        Checkpoint.Write(path, new() { State = [], Meta = new() { ["best_score"] = score } });

    private static TinyTraining Train(string folder, double[] scores, int epochs = 3, string saveBest = "auto")
    {
        var training = new TinyTraining(folder, epochs: epochs);
        var place = 0;
        training.Runner.RegisterHook(new EvalHook(new EvalOptions { SaveBest = saveBest }, runner =>
        {
            runner.Model.Eval();
            var metrics = new OrderedDictionary<string, object>
            {
                ["bbox_mAP"] = scores[place++],
                ["bbox_mAP_copypaste"] = "0.5 0.6",
            };
            return new EvaluationReport(metrics, "table");
        }));
        return training;
    }
}
