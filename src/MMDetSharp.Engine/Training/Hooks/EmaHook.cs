using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>
/// Keeps a moving average of all weights and buffers: average = (1 - m) average + m weights after each step of the
/// optimizer. Evaluation and checkpoints use the average; training goes on with the weights themselves.
/// </summary>
/// <remarks>
/// As MMDetection's BaseEMAHook and YOLOv5's ModelEMA. It must run after the optimizer and before checkpoints and
/// evaluation, and is registered so. Differs from MMDetection: a checkpoint always has the average as its weights, also
/// when a training was stopped in an epoch, and the weights themselves beside them under <c>hooks.ema</c>.
/// </remarks>
/// <param name="momentum">m by the number of updates done.</param>
/// <param name="interval">Steps from one update to the next.</param>
/// <param name="skipBuffers">Whether buffers (the statistics of normalisation) are left alone.</param>
internal sealed class EmaHook(Func<long, double> momentum, int interval = 1, bool skipBuffers = false) : Hook
{
    private readonly List<(StateEntry Live, Tensor Average)> _pairs = [];
    private long _updates;
    private long _steps;
    private bool _modelHasAverage;

    /// <summary>MMDetection's ExpMomentumEMAHook: m = (1 - momentum) exp(-(n + 1) / total_iter) + momentum.</summary>
    internal static EmaHook FromExponential(ConfigReader reader) => Exponential(reader, 0.0002);

    /// <summary>YOLOv5's ModelEMA keeps 0.9999 (1 - exp(-n / 2000)): the exponential average with momentum 0.0001.</summary>
    internal static EmaHook FromYoloV5(ConfigReader reader) => Exponential(reader, 0.0001);

    /// <summary>MMDetection's LinearMomentumEMAHook: m = min(momentum ^ interval, (1 + n) / (warm_up + n)).</summary>
    internal static EmaHook FromLinear(ConfigReader reader)
    {
        var (momentum, interval, skip) = Average(reader, 0.0002);
        var warmup = reader.Int("warm_up", 100);
        var most = Math.Pow(momentum, interval);
        return new EmaHook(n => Math.Min(most, (1.0 + n) / (warmup + n)), interval, skip);
    }

    /// <inheritdoc/>
    internal override string StateName => "ema";

    /// <summary>The average of a tensor of the model; outside of evaluation and checkpoints.</summary>
    internal Tensor Average(string name) => _pairs.Find(pair => pair.Live.Name == name).Average;

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner)
    {
        if (_pairs.Count == 0)
        {
            Begin(runner);
        }
    }

    /// <inheritdoc/>
    public override void BeforeTrainEpoch(Runner runner) => Give(average: false);

    /// <inheritdoc/>
    public override void AfterTrainIteration(Runner runner)
    {
        if (runner.Hooks.OfType<AccumulatingOptimizerHook>().Any(hook => !hook.HasStepped) || !IsEvery(_steps++, interval))
        {
            return;
        }

        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var share = momentum(_updates++);
        foreach (var (live, average) in _pairs)
        {
            if (live.Tensor.Type.IsFloatingPoint())
            {
                average.MulInPlace(1 - share);
                average.AddInPlace(live.Tensor, share);
            }
            else
            {
                average.CopyFromInPlace(live.Tensor);
            }
        }
    }

    /// <inheritdoc/>
    public override void AfterTrainEpoch(Runner runner) => Give(average: true);

    /// <inheritdoc/>
    public override void AfterRun(Runner runner)
    {
        Give(average: true);
        foreach (var (_, average) in _pairs)
        {
            average.Dispose();
        }

        _pairs.Clear();
    }

    /// <inheritdoc/>
    internal override IDisposable? Checkpointing()
    {
        var hadAverage = _modelHasAverage;
        Give(average: true);
        return new Turn(() => Give(hadAverage));
    }

    /// <inheritdoc/>
    internal override StoredDictionary StoreState()
    {
        var weights = new StoredDictionary();
        foreach (var (live, held) in _pairs)
        {
            weights[live.Name] = StoredTensor.From(held);
        }

        return new() { ["updates"] = _updates, ["steps"] = _steps, ["weights"] = weights };
    }

    /// <inheritdoc/>
    internal override void LoadState(StoredDictionary state, Runner runner)
    {
        Begin(runner);
        (_updates, _steps) = (state["updates"].AsInt64(), state["steps"].AsInt64());
        var weights = state["weights"].AsDictionary();
        using var noGrad = GradMode.NoGrad();
        foreach (var (live, held) in _pairs)
        {
            using var scope = TensorScope.Begin();
            held.CopyFromInPlace(weights[live.Name].AsTensor().ToTensor());
        }

        // The checkpoint gave the average to the model.
        _modelHasAverage = true;
        Give(average: false);
    }

    private void Begin(Runner runner)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        foreach (var entry in runner.Model.StateDict().Where(entry => entry.IsParameter || !skipBuffers))
        {
            _pairs.Add((entry, entry.Tensor.Detach().Clone().DetachFromScope()));
        }
    }

    // Exchanges the values of the model and those held here.
    private void Give(bool average)
    {
        if (_modelHasAverage == average)
        {
            return;
        }

        using var noGrad = GradMode.NoGrad();
        foreach (var (live, held) in _pairs)
        {
            using var scope = TensorScope.Begin();
            var values = live.Tensor.Detach().Clone();
            live.Tensor.CopyFromInPlace(held);
            held.CopyFromInPlace(values);
        }

        _modelHasAverage = average;
    }

    private sealed class Turn(Action back) : IDisposable
    {
        public void Dispose() => back();
    }

    private static EmaHook Exponential(ConfigReader reader, double standard)
    {
        var (momentum, interval, skip) = Average(reader, standard);
        var length = (double)reader.Int("total_iter", 2000);
        return new EmaHook(n => ((1 - momentum) * Math.Exp(-(1 + n) / length)) + momentum, interval, skip);
    }

    private static (double Momentum, int Interval, bool SkipBuffers) Average(ConfigReader reader, double standard)
    {
        var momentum = reader.Float("momentum", standard);
        return momentum is > 0 and < 1
            ? (momentum, reader.Int("interval", 1), reader.Bool("skip_buffers", false))
            : throw reader.Error("momentum", $"must be above 0 and below 1, got {momentum}. Write momentum=0.0001.");
    }
}
