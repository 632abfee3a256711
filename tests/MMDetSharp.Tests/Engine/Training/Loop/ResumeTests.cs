using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training.Loop;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ResumeTests
{
    private const string Adam = """
        optimizer = dict(type='AdamW', lr=0.01, weight_decay=0.01, paramwise_cfg=dict(norm_decay_mult=0.))
        lr_config = dict(policy='CosineAnnealing', by_epoch=False, min_lr=0., warmup='exp', warmup_iters=4)
        momentum_config = dict(policy='cyclic')
        checkpoint_config = dict(by_epoch=False, interval=4)
        """;

    [Theory]
    [InlineData(TinyTraining.Standard, "epoch_1.pth")]
    [InlineData(TinyTraining.Standard, "epoch_2.pth")]
    [InlineData(Adam, "iter_4.pth")]
    [InlineData(Adam, "iter_12.pth")]
    public void Resume_FromACheckpoint_EndsWithTheSameBits(string config, string name)
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyTraining(Path.Combine(folder.Path, "whole"), config);
        whole.Run();

        using var resumed = new TinyTraining(Path.Combine(folder.Path, "resumed"), config, new TinyDetector(99));
        resumed.Runner.Resume(Path.Combine(folder.Path, "whole", name));
        var result = resumed.Run();

        Assert.Equal(15, result.Iterations);
        Assert.Equal(whole.State(), resumed.State());
    }

    [Fact]
    public void Resume_OfALossWithMovingSums_EndsWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyTraining(
            Path.Combine(folder.Path, "whole"), model: new TinyDetector(hasMovingLoss: true));
        whole.Run();
        var saved = Path.Combine(folder.Path, "whole", "epoch_1.pth");

        using var resumed = new TinyTraining(
            Path.Combine(folder.Path, "resumed"), model: new TinyDetector(99, hasMovingLoss: true));
        resumed.Runner.Resume(saved);
        resumed.Run();

        Assert.Equal(whole.State(), resumed.State());
        Assert.Contains("training_state.loss_cls.threshold", whole.State().Keys);
        using var checkpoint = Checkpoint.Read(saved);
        Assert.Contains("loss_cls.acc_sum", checkpoint.State.Keys);
        Assert.DoesNotContain("loss_cls.threshold", checkpoint.State.Keys);
    }

    [Fact]
    public void Resume_OfACheckpointWithoutTheStateOfALoss_WarnsOfIt()
    {
        using var folder = new TemporaryFolder();
        var config = TinyTraining.Standard;
        using var whole = new TinyTraining(
            Path.Combine(folder.Path, "whole"), config, new TinyDetector(hasMovingLoss: true));
        whole.Run();
        var saved = Path.Combine(folder.Path, "whole", "epoch_1.pth");
        var stripped = folder.Under("stripped.pth");
        using (var checkpoint = Checkpoint.Read(saved))
        {
            Checkpoint.Write(stripped, new()
            {
                State = checkpoint.State,
                Meta = checkpoint.Meta,
                Optimizer = checkpoint.Optimizer,
            });
        }

        using var resumed = new TinyTraining(
            Path.Combine(folder.Path, "resumed"), config, new TinyDetector(99, hasMovingLoss: true));
        resumed.Runner.Resume(stripped);

        Assert.Contains(
            resumed.Progress.Messages,
            text => text.Contains("holds nothing of loss_cls.threshold", StringComparison.Ordinal));
    }

    [Fact]
    public void Resume_AfterAnInterruptionInAnEpoch_EndsWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyTraining(Path.Combine(folder.Path, "whole"));
        whole.Run();
        using var stop = new CancellationTokenSource();
        using var stopped = new TinyTraining(
            Path.Combine(folder.Path, "stopped"),
            model: new TinyDetector { OnCall = call => CancelAt(call, 7, stop) });

        var interrupted = stopped.Run(stop.Token);

        // The iteration that ran is finished: 8 of 15.
        Assert.True(interrupted.IsInterrupted);
        Assert.Equal(8, interrupted.Iterations);
        Assert.EndsWith("iter_8.pth", interrupted.LastCheckpoint, StringComparison.Ordinal);
        Assert.Contains(
            stopped.Progress.Messages,
            text => text.Contains("mmdet train tiny.py --resume-from", StringComparison.Ordinal));
        using var resumed = new TinyTraining(Path.Combine(folder.Path, "stopped"));
        resumed.Runner.Resume(Path.Combine(folder.Path, "stopped", "latest.pth"));
        Assert.Equal(1, resumed.Runner.Epoch);
        resumed.Run();
        Assert.Equal(whole.State(), resumed.State());
    }

    [Fact]
    public void Run_StoppedAtTheEndOfAnEpoch_GoesOnWithTheNext()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var stopped = new TinyTraining(
            folder.Path, model: new TinyDetector { OnCall = call => CancelAt(call, 4, stop) });

        stopped.Run(stop.Token);

        using var checkpoint = Checkpoint.Read(folder.Under("iter_5.pth"));
        Assert.Equal(1, checkpoint.Meta["epoch"].AsInt64());
        Assert.Equal(0, checkpoint.Meta["inner_iter"].AsInt64());
    }

    [Fact]
    public void Run_StoppedInAnEvaluation_CountsTheEpochAsFinished()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var stopped = new TinyTraining(folder.Path);
        stopped.Runner.RegisterHook(new EvalHook(new EvalOptions(), runner =>
        {
            stop.Cancel();
            runner.Cancellation.ThrowIfCancellationRequested();
            throw new NotSupportedException();
        }));

        var result = stopped.Run(stop.Token);

        Assert.True(result.IsInterrupted);
        using var checkpoint = Checkpoint.Read(folder.Under("latest.pth"));
        Assert.Equal(1, checkpoint.Meta["epoch"].AsInt64());
        Assert.Equal(0, checkpoint.Meta["inner_iter"].AsInt64());
    }

    [Fact]
    public void Run_BrokenImage_SavesWhatWasLearned()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(
            folder.Path,
            model: new TinyDetector { OnCall = call => _ = call == 3 ? throw new DataLoaderException("x.jpg is broken") : call });

        Assert.Throws<DataLoaderException>(() => training.Run());

        using var checkpoint = Checkpoint.Read(folder.Under("latest.pth"));
        Assert.Equal(3, checkpoint.Meta["inner_iter"].AsInt64());
    }

    [Fact]
    public void Run_TwiceWithOneSeed_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var one = new TinyTraining(Path.Combine(folder.Path, "one"));
        using var two = new TinyTraining(Path.Combine(folder.Path, "two"));

        one.Run();
        two.Run();

        Assert.Equal(one.State(), two.State());
    }

    [Fact]
    public void Resume_WithoutProgress_PointsToLoadFrom()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path);
        Checkpoint.Write(folder.Under("weights.pth"), new() { State = ModuleState.Store(training.Model) });

        var error = Assert.Throws<TrainingException>(() => training.Runner.Resume(folder.Under("weights.pth")));

        Assert.Contains("load_from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OfAnotherOptimizer_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var one = new TinyTraining(Path.Combine(folder.Path, "one"), epochs: 1);
        one.Run();
        using var two = new TinyTraining(Path.Combine(folder.Path, "two"), Adam);

        var error = Assert.Throws<TrainingException>(
            () => two.Runner.Resume(Path.Combine(folder.Path, "one", "latest.pth")));

        Assert.Contains("must be of 6 groups with 6 parameters, found 1 with 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManySteps_KeepsTheNumberOfTensors()
    {
        using var folder = new TemporaryFolder();
        List<int> counts = [];
        using var training = new TinyTraining(
            folder.Path, model: new TinyDetector { OnCall = _ => counts.Add(Tensor.LiveCount) });

        training.Runner.Run([new(RunMode.Train, 1, new TinySource(70))]);

        // From the second step on, when the optimizer has its state.
        Assert.Equal(210, counts.Count);
        Assert.Single(counts.Skip(1).Distinct());
    }

    private static void CancelAt(int call, int wanted, CancellationTokenSource stop)
    {
        if (call == wanted)
        {
            stop.Cancel();
        }
    }
}
