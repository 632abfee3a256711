using System.Text.Json;

using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Engine.Training.Loop;

public sealed class RunnerTests
{
    [Fact]
    public void RegisterHook_OfManyPriorities_SortsAndKeepsTheOrderAmongEquals()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path);
        var (late, early, equal) = (new CallHook([]), new CallHook([]), new CallHook([]));

        training.Runner.RegisterHook(late, HookPriority.Lowest);
        training.Runner.RegisterHook(early, HookPriority.Highest);
        training.Runner.RegisterHook(equal);

        Type[] expected =
        [
            typeof(CallHook), typeof(LrUpdaterHook), typeof(OptimizerHook), typeof(CheckpointHook), typeof(IterTimerHook),
            typeof(CallHook), typeof(TextLoggerHook), typeof(CallHook),
        ];
        Assert.Equal(expected, training.Runner.Hooks.Select(hook => hook.GetType()));
        Assert.Same(equal, training.Runner.Hooks[5]);
        Assert.Throws<TrainingException>(() => training.Runner.RegisterHook(late, (HookPriority)101));
    }

    [Fact]
    public void Run_WithAValPhase_CallsHooksAtTheReferencesMoments()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 2);
        List<string> calls = [];
        training.Runner.RegisterHook(new CallHook(calls));
        var (train, val) = (new TinySource(2), new TinySource(1));

        training.Runner.Run([new(RunMode.Train, 1, train), new(RunMode.Val, 1, val)]);

        string[] epoch =
        [
            "before train epoch", "before train iter", "after train iter", "before train iter", "after train iter",
            "after train epoch", "before val epoch", "before val iter", "after val iter", "after val epoch",
        ];
        Assert.Equal(["before run", .. epoch, .. epoch, "after run"], calls);
        Assert.Equal([(1, 0), (2, 0)], val.Given);
    }

    [Fact]
    public void Run_TwoTrainingsOnTwoThreads_EachGivesWhatItGivesAlone()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, byte[]> Train(string name, ulong seed)
        {
            using var training = new TinyTraining(Path.Combine(folder.Path, name), model: new TinyDetector(seed));
            training.Run();
            return training.State();
        }

        var (one, two) = (Train("one", 7), Train("two", 8));
        for (var i = 0; i < 5; i++)
        {
            Dictionary<string, byte[]> oneBeside = [], twoBeside = [];
            var first = new Thread(() => oneBeside = Train($"one beside {i}", 7));
            var second = new Thread(() => twoBeside = Train($"two beside {i}", 8));
            first.Start();
            second.Start();
            first.Join();
            second.Join();

            Assert.Equal(one, oneBeside);
            Assert.Equal(two, twoBeside);
        }
    }

    [Fact]
    public void Run_ValPhase_LeavesWeightsAndStatisticsAlone()
    {
        using var folder = new TemporaryFolder();
        using var one = new TinyTraining(Path.Combine(folder.Path, "one"));
        using var two = new TinyTraining(Path.Combine(folder.Path, "two"));

        one.Run();
        two.Runner.Run([new(RunMode.Train, 1, new TinySource(5)), new(RunMode.Val, 1, new TinySource(2))]);

        Assert.Equal(one.State(), two.State());
    }

    [Fact]
    public void Run_JsonLog_HasTheReferencesFieldsInItsOrder()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 1);

        var result = training.Runner.Run(
            [new(RunMode.Train, 1, new TinySource(5)), new(RunMode.Val, 1, new TinySource(2))]);

        var lines = File.ReadAllLines(result.JsonLog!).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("tiny.py", lines[0].GetProperty("exp_name").GetString());
        Assert.Equal(
            [
                "mode", "epoch", "iter", "lr", "memory", "data_time", "loss_cls", "loss_bbox", "acc", "loss", "grad_norm",
                "time",
            ],
            lines[1].EnumerateObject().Select(field => field.Name));
        Assert.Equal([2, 4], lines[1..3].Select(line => line.GetProperty("iter").GetInt32()));
        Assert.Equal("train", lines[1].GetProperty("mode").GetString());
        Assert.Equal(1, lines[1].GetProperty("epoch").GetInt32());

        // The loss is the sum of the terms whose name holds "loss".
        Assert.Equal(
            lines[1].GetProperty("loss").GetDouble(),
            lines[1].GetProperty("loss_cls").GetDouble() + lines[1].GetProperty("loss_bbox").GetDouble(),
            2e-5);
        Assert.Equal("val", lines[3].GetProperty("mode").GetString());
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public void Run_TextLog_IsTheReferences()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 1);

        training.Run();

        var line = File.ReadLines(folder.Under("log.log")).First(line => line.Contains("Epoch [1][2/5]", StringComparison.Ordinal));
        Assert.Matches(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - mmdet - INFO - Epoch \[1\]\[2/5\]\tlr: 2\.000e-02, eta: 0:00:\d\d, "
            + @"time: \d\.\d{3}, data_time: \d\.\d{3}, memory: \d+, loss_cls: \d\.\d{4}, loss_bbox: ",
            line);
        Assert.Contains(training.Progress.Reports, report => report is { IsLogged: true, Done: 2, Total: 5, Loss: > 0 });
    }

    [Fact]
    public void Run_WarmupAndSteps_SetTheRate()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 3);
        List<double> rates = [];
        training.Runner.RegisterHook(new RateHook(rates));

        training.Run();

        // 0.1 of the rate, then a third and two thirds of the way up, then all; a tenth from epoch 2 on
        double[] expected = [0.005, 0.02, 0.035, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.005, 0.005];
        Assert.Equal(expected.Length, rates.Count);
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Run_OneTermInfinite_StopsBeforeTheStepAndNamesTermImagesAndCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, model: new TinyDetector { BreakAt = 7 });
        Dictionary<string, byte[]>? before = null;
        training.Runner.RegisterHook(new StateHook(7, () => before = training.State()), HookPriority.Highest);

        var error = Assert.Throws<TrainingException>(() => training.Run());

        Assert.Contains("found loss_bbox = Infinity at epoch 2, iteration 3 of 5 (8 in all)", error.Message, StringComparison.Ordinal);
        Assert.Contains("image_1_2_0.jpg, image_1_2_1.jpg", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Under("epoch_1.pth"), error.Message, StringComparison.Ordinal);
        var after = training.State();
        Assert.All(
            before!.Where(entry => entry.Key.StartsWith("conv.", StringComparison.Ordinal)),
            entry => Assert.Equal(entry.Value, after[entry.Key]));
    }

    [Fact]
    public void Run_NoBatch_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path);

        var error = Assert.Throws<TrainingException>(() => training.Runner.Run([new(RunMode.Train, 1, new TinySource(0))]));

        Assert.Contains("at least one batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveCheckpoint_HasMmcvsLayout()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, epochs: 2);

        training.Run();

        using var checkpoint = Checkpoint.Read(folder.Under("latest.pth"));
        Assert.Equal(2, checkpoint.Meta["epoch"].AsInt64());
        Assert.Equal(10, checkpoint.Meta["iter"].AsInt64());
        Assert.Equal(5, checkpoint.Meta["seed"].AsInt64());
        Assert.Equal(["cell", "nucleus"], checkpoint.Meta["CLASSES"].AsList().Select(name => name.AsString()));
        Assert.Equal(training.Model.StateDict().Select(entry => entry.Name), checkpoint.State.Keys);
        var group = checkpoint.Optimizer!["param_groups"].AsList()[0].AsDictionary();
        Assert.Equal(0.05, group["initial_lr"].AsDouble());
        Assert.Equal(6, group["params"].AsList().Count);
        Assert.Equal(6, checkpoint.Optimizer["state"].AsDictionary().Count);
    }

    private sealed class CallHook(List<string> calls) : Hook
    {
        public override void BeforeRun(Runner runner) => calls.Add("before run");

        public override void AfterRun(Runner runner) => calls.Add("after run");

        public override void BeforeEpoch(Runner runner) => calls.Add($"before {Mode(runner)} epoch");

        public override void AfterEpoch(Runner runner) => calls.Add($"after {Mode(runner)} epoch");

        public override void BeforeIteration(Runner runner) => calls.Add($"before {Mode(runner)} iter");

        public override void AfterIteration(Runner runner) => calls.Add($"after {Mode(runner)} iter");

        private static string Mode(Runner runner) => runner.Mode == RunMode.Train ? "train" : "val";
    }

    private sealed class RateHook(List<double> rates) : Hook
    {
        public override void AfterTrainIteration(Runner runner) => rates.Add(runner.Optimizer.Groups[0].LearningRate);
    }

    private sealed class StateHook(long iteration, Action action) : Hook
    {
        public override void BeforeTrainIteration(Runner runner)
        {
            if (runner.Iteration == iteration)
            {
                action();
            }
        }
    }
}
