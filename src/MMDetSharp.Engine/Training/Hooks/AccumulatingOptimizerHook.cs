using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Adds up the gradients of several iterations before each step of the optimizer: a large batch on a small machine.</summary>
/// <remarks>
/// As mmcv's GradientCumulativeOptimizerHook, which averages, and YOLOv5, which adds. The last step takes what is left.
/// Checkpoints hold the gradients of unfinished steps, so that a resumed training ends with the same bits.
/// </remarks>
/// <param name="count">Iterations of a step, by the training.</param>
/// <param name="average">Whether gradients are averaged, or else added.</param>
/// <param name="clip">How far gradients are shrunk, or null.</param>
internal sealed class AccumulatingOptimizerHook(Func<Runner, long> count, bool average, ClipOptions? clip) : Hook
{
    private long _lastStep = -1;
    private Runner? _runner;

    /// <summary>From mmcv's <c>optimizer_config</c>: the average of a fixed number of iterations.</summary>
    internal static AccumulatingOptimizerHook FromCumulative(ConfigReader reader)
    {
        var count = reader.Positive("cumulative_iters", 1);
        return new(_ => count, average: reader.Bool("average", true), ClipOptions.FromConfig(reader));
    }

    /// <summary>As YOLOv5: the sum of as many batches as make up a nominal one, fewer during the warm-up.</summary>
    internal static AccumulatingOptimizerHook FromYoloV5(ConfigReader reader)
    {
        var images = reader.Positive("nominal_batch_size", 64);
        var warmup = YoloV5ScheduleOptions.Warmup(reader);
        return new(runner => Count(runner, images, warmup), average: false, ClipOptions.FromConfig(reader));
    }

    /// <summary>Iterations of one step of YOLOv5: from 1 up to the nominal batch during the warm-up.</summary>
    internal static long Count(Runner runner, int nominal, YoloV5ScheduleOptions warmup)
    {
        var all = (double)nominal / runner.ImagesPerIteration;
        var end = warmup.Length(runner.EpochLength);
        var now = runner.Iteration <= end && end > 0 ? 1 + ((all - 1) * runner.Iteration / end) : all;
        return Math.Max(1, (long)Math.Round(now));
    }

    /// <summary>Whether the optimizer made a step in the last iteration.</summary>
    internal bool HasStepped { get; private set; }

    /// <inheritdoc/>
    internal override string StateName => "gradients";

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner) => _runner = runner;

    /// <inheritdoc/>
    public override void AfterTrainIteration(Runner runner)
    {
        var left = runner.MaxIterations - (_lastStep + 1);
        var window = Math.Min(Math.Max(1, count(runner)), left);
        using (var scope = TensorScope.Begin())
        {
            var total = runner.Losses!.Total();
            (average ? total / window : total).Backward();
        }

        var images = runner.ImagesPerIteration;
        runner.ReadLosses();
        HasStepped = runner.Iteration - _lastStep >= window;
        if (HasStepped)
        {
            Step(runner, images);
            _lastStep = runner.Iteration;
        }

        runner.CountStep();
        runner.Log.Progress.Update(runner.Report());
    }

    /// <inheritdoc/>
    internal override StoredDictionary StoreState()
    {
        var gradients = new StoredDictionary();
        foreach (var entry in _runner?.Model.NamedParameters() ?? [])
        {
            if (entry.Tensor.Grad is { } gradient)
            {
                gradients[entry.Name] = StoredTensor.From(gradient);
            }
        }

        return new() { ["last_step"] = _lastStep, ["gradients"] = gradients };
    }

    /// <inheritdoc/>
    internal override void LoadState(StoredDictionary state, Runner runner)
    {
        using var scope = TensorScope.Begin();
        var gradients = state["gradients"].AsDictionary();
        _lastStep = state["last_step"].AsInt64();
        foreach (var entry in runner.Model.NamedParameters())
        {
            entry.Tensor.SetGrad(gradients.TryGet(entry.Name, out var stored)
                ? stored.AsTensor().ToTensor().To(entry.Tensor.Device)
                : null);
        }
    }

    private void Step(Runner runner, int images)
    {
        if (clip is not null)
        {
            var norm = GradientClip.ByNorm(runner.Model.NamedParameters(), clip.MaxNorm, clip.NormType);
            runner.LogBuffer.Update("grad_norm", norm, images);
        }

        runner.Optimizer.Step();
        runner.Optimizer.ZeroGrad();
    }
}
