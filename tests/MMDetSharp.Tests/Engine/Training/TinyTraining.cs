using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Training;
using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Optimizers;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>A training of <see cref="TinyDetector"/> in a folder of its own, with the hooks of a config.</summary>
internal sealed class TinyTraining : IDisposable
{
    internal const string Standard = """
        optimizer = dict(type='SGD', lr=0.05, momentum=0.9, weight_decay=0.0001)
        optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))
        lr_config = dict(policy='step', step=[2], warmup='linear', warmup_iters=3, warmup_ratio=0.1)
        checkpoint_config = dict(interval=1)
        log_config = dict(interval=2, hooks=[dict(type='TextLoggerHook')])
        """;

    private readonly Optimizer _optimizer;

    internal TinyTraining(string folder, string config = Standard, TinyDetector? model = null, int epochs = 3)
    {
        var reader = new ConfigReader(Config.Parse(config).Root);
        Model = model ?? new TinyDetector();
        _optimizer = OptimizerRegistry.Build(reader.Node("optimizer"), Model);
        var options = new RunnerOptions
        {
            WorkFolder = folder,
            MaxEpochs = epochs,
            Seed = 5,
            Timestamp = "log",
            Classes = ["cell", "nucleus"],
            Progress = Progress,
            ResumeCommand = path => $"mmdet train tiny.py --resume-from {path}",
            Meta = new Dictionary<string, object?> { ["exp_name"] = "tiny.py", ["seed"] = 5 },
        };
        Runner = new Runner(options, Model, _optimizer);
        HookRegistry.RegisterTraining(Runner, reader);
        HookRegistry.RegisterCustom(Runner, reader);
    }

    internal TinyDetector Model { get; }

    internal Runner Runner { get; }

    internal RecordedProgress Progress { get; } = new();

    /// <summary>Trains on five batches an epoch.</summary>
    internal TrainingResult Run(CancellationToken cancellation = default) =>
        Runner.Run([new(RunMode.Train, 1, new TinySource(5))], cancellation);

    /// <summary>All weights, buffers and optimizer state as bytes.</summary>
    internal Dictionary<string, byte[]> State()
    {
        var state = Model.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToBytes());
        foreach (var (name, tensor) in Model.TrainingState)
        {
            state[$"training_state.{name}"] = tensor.ToBytes();
        }

        foreach (var (index, values) in _optimizer.State)
        {
            foreach (var (name, value) in values)
            {
                state[$"optimizer.{index}.{name}"] = value.ToBytes();
            }
        }

        return state;
    }

    public void Dispose()
    {
        Runner.Dispose();
        _optimizer.Dispose();
        Model.Dispose();
    }
}

/// <summary>Keeps what would have been shown.</summary>
internal sealed class RecordedProgress : IRunProgress
{
    internal List<string> Messages { get; } = [];

    internal List<ProgressReport> Reports { get; } = [];

    public void Message(string text) => Messages.Add(text);

    public void Update(ProgressReport report) => Reports.Add(report);
}
