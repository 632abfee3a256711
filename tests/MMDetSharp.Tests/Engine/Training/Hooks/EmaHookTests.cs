using MMDetSharp.Core.Configs;
using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training.Hooks;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class EmaHookTests
{
    private const string Average = TinyTraining.Standard + """

        custom_hooks = [dict(type='ExpMomentumEMAHook', momentum=0.3, total_iter=4, priority=49)]
        """;

    private const string Yolo = """
        optimizer = dict(
            type='SGD', lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.0005,
            paramwise_cfg=dict(norm_decay_mult=0., bias_decay_mult=0.))
        optimizer_config = dict(
            type='YOLOv5OptimizerHook', nominal_batch_size=12, warmup_epochs=1, warmup_min_iters=2,
            grad_clip=dict(max_norm=10))
        lr_config = dict(policy='YOLOv5', scheduler='cosine', warmup_epochs=1, warmup_min_iters=2)
        checkpoint_config = dict(by_epoch=False, interval=1)
        custom_hooks = [dict(type='YOLOv5EMAHook', total_iter=20)]
        """;

    // m_n = 0.7 exp(-(n + 1) / 4) + 0.3; the average starts from the first weights.
    [Fact]
    public void Run_ExponentialAverage_IsComputedByHand()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, Average, epochs: 1);
        var weight = training.Model.NamedParameters().First(entry => entry.Name == "conv.weight").Tensor;
        var average = weight.Detach().Flatten()[0].Item();
        training.Runner.RegisterHook(new AfterIteration(runner =>
        {
            var n = runner.Iteration;
            var m = (0.7 * Math.Exp(-(n + 1) / 4.0)) + 0.3;
            average = ((1 - m) * average) + (m * weight.Detach().Flatten()[0].Item());
        }));

        training.Run();

        // After the run the model has the average.
        Assert.Equal(average, weight.Detach().Flatten()[0].Item(), 1e-6);
    }

    [Fact]
    public void Run_Checkpoint_HasTheAverageAndTheWeights()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, Average, epochs: 2);
        float[] live = [];
        training.Runner.RegisterHook(new AfterIteration(
            _ => live = training.Model.NamedParameters().First(entry => entry.Name == "conv.weight").Tensor.Detach().ToArray()));

        training.Run();

        using var checkpoint = Checkpoint.Read(folder.Under("epoch_2.pth"));
        var ema = ((StoredDictionary)checkpoint.Root)["hooks"].AsDictionary()["ema"].AsDictionary();
        Assert.Equal(10, ema["updates"].AsInt64());
        using var scope = TensorScope.Begin();
        Assert.Equal(live, ema["weights"].AsDictionary()["conv.weight"].AsTensor().ToTensor().ToArray());
        Assert.Equal(
            training.Model.NamedParameters().First(entry => entry.Name == "conv.weight").Tensor.Detach().ToArray(),
            checkpoint.State["conv.weight"].ToTensor().ToArray());
    }

    [Theory]
    [InlineData(Average, "epoch_1.pth")]
    [InlineData(Average, "epoch_2.pth")]
    [InlineData(Yolo, "iter_1.pth")]
    [InlineData(Yolo, "iter_6.pth")]
    [InlineData(Yolo, "iter_13.pth")]
    public void Resume_WithAverageAndAccumulation_EndsWithTheSameBits(string config, string name)
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyTraining(Path.Combine(folder.Path, "whole"), config);
        whole.Run();

        using var resumed = new TinyTraining(Path.Combine(folder.Path, "resumed"), config, new TinyDetector(99));
        resumed.Runner.Resume(Path.Combine(folder.Path, "whole", name));
        resumed.Run();

        Assert.Equal(whole.State(), resumed.State());
    }

    [Fact]
    public void Resume_AfterAnInterruptionInAnEpoch_EndsWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var whole = new TinyTraining(Path.Combine(folder.Path, "whole"), Average);
        whole.Run();
        using var stop = new CancellationTokenSource();
        using var stopped = new TinyTraining(Path.Combine(folder.Path, "stopped"), Average);
        stopped.Runner.RegisterHook(new AfterIteration(runner =>
        {
            if (runner.Iteration == 7)
            {
                stop.Cancel();
            }
        }));
        stopped.Run(stop.Token);

        using var resumed = new TinyTraining(Path.Combine(folder.Path, "resumed"), Average, new TinyDetector(99));
        resumed.Runner.Resume(Path.Combine(folder.Path, "stopped", "latest.pth"));
        resumed.Run();

        Assert.Equal(whole.State(), resumed.State());
    }

    [Fact]
    public void RegisterTraining_Average_RunsBehindTheOptimizerAndBeforeCheckpoints()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, Average);

        var hooks = training.Runner.Hooks.Select(hook => hook.GetType()).ToList();

        Assert.Equal(hooks.IndexOf(typeof(OptimizerHook)) + 1, hooks.IndexOf(typeof(EmaHook)));
        Assert.Equal(hooks.IndexOf(typeof(EmaHook)) + 1, hooks.IndexOf(typeof(CheckpointHook)));
    }

    [Fact]
    public void RegisterTraining_MomentumOfOne_Explains()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<ConfigException>(() => new TinyTraining(
            folder.Path, TinyTraining.Standard + "\ncustom_hooks = [dict(type='YOLOv5EMAHook', momentum=1.0)]"));

        Assert.Contains("momentum must be above 0 and below 1", error.Message, StringComparison.Ordinal);
    }

    internal sealed class AfterIteration(Action<Runner> action) : Hook
    {
        public override void AfterTrainIteration(Runner runner) => action(runner);
    }
}
