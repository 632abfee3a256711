using System.Globalization;
using System.Security.Cryptography;

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training;

/// <summary>What a training is told besides its config: the options of <c>mmdet train</c>.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder of checkpoints and logs; null for the config's <c>work_dir</c>, or <c>work_dirs/CONFIG</c>.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>The checkpoint to go on from; null for the config's <c>resume_from</c>, which is usually none.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Whether the model is evaluated after epochs.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>All random draws follow from it; null for the config's, the resumed checkpoint's, or a new one.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether only operations that always give the same bits are used; the processor's always do.</summary>
    public bool Deterministic { get; init; }

    /// <summary>The device of the network: CPU or a GPU.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Whether evaluation runs compiled.</summary>
    public bool Compile { get; init; } = true;

    /// <summary>Where people see how far the training has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The command that goes on with an interrupted training, given the checkpoint; null for the usual one.</summary>
    public Func<string, string>? ResumeCommand { get; init; }
}

/// <summary>A training as a config describes it: data sets, model, optimizer, hooks and evaluation together.</summary>
/// <example><code>
/// using var trainer = Trainer.FromConfig(Config.Load("configs/retinanet/retinanet_r50_fpn_coco.py"));
/// var result = trainer.Run();
/// </code></example>
public sealed class Trainer : IDisposable
{
    private readonly List<WorkflowPhase> _workflow;
    private readonly Optimizer _optimizer;

    private Trainer(Runner runner, List<WorkflowPhase> workflow, IDetectionDataset dataset)
    {
        Runner = runner;
        Dataset = dataset;
        _workflow = workflow;
        _optimizer = runner.Optimizer;
    }

    /// <summary>The loop; hooks may be added before it runs.</summary>
    public Runner Runner { get; }

    /// <summary>The model that is trained.</summary>
    public Detector Model => Runner.Model;

    /// <summary>The images to train on.</summary>
    public IDetectionDataset Dataset { get; }

    /// <summary>Makes everything ready; nothing is trained yet.</summary>
    /// <param name="config">A config of MMDetection 2.x.</param>
    /// <param name="options">What to do differently; null for nothing.</param>
    /// <returns>It belongs to the caller.</returns>
    /// <exception cref="ConfigException">The config is wrong; the message tells file and line.</exception>
    /// <exception cref="DatasetException">A data set is missing or broken.</exception>
    /// <exception cref="Torch.Checkpoints.CheckpointException">A checkpoint is missing, broken or of another model.</exception>
    public static Trainer FromConfig(Config config, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new TrainerOptions();
        TorchRuntime.RequireDevice(options.Device);
        return new TrainerAssembly(config, options).Make();
    }

    /// <summary>Trains until all epochs are done, or until it is asked to stop.</summary>
    /// <param name="cancellation">Stops after the current iteration; a checkpoint is written then.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="TrainingException">A loss is not finite, or there is nothing to train on.</exception>
    /// <exception cref="DataLoaderException">An image cannot be read.</exception>
    public TrainingResult Run(CancellationToken cancellation = default) => Runner.Run(_workflow, cancellation);

    /// <summary>Frees model, optimizer and log.</summary>
    public void Dispose()
    {
        Runner.Dispose();
        _optimizer.Dispose();
        Model.Dispose();
    }

    /// <summary>The steps from a config to a training.</summary>
    private sealed class TrainerAssembly(Config config, TrainerOptions options)
    {
        private readonly TrainingConfig _parts = new(config);

        internal Trainer Make()
        {
            var resumeFrom = options.ResumeFrom ?? _parts.Root.StringOrNull("resume_from");
            var seed = Seed(resumeFrom);
            var folder = Directory.CreateDirectory(WorkFolder()).FullName;
            WriteConfig(folder);
            if (options.Deterministic)
            {
                TorchRuntime.SetDeterministic(enabled: true);
            }

            var loaders = Loaders(seed);
            RequireTraining(loaders.Any(entry => entry.Mode == RunMode.Train));
            var dataset = loaders.First(entry => entry.Mode == RunMode.Train).Source.Dataset;
            var runnerOptions = RunnerOptions(folder, seed, dataset);
            var runner = MakeRunner(runnerOptions, dataset);
            try
            {
                Describe(runner, dataset);
                Register(runner);
                Start(runner, resumeFrom);
            }
            catch
            {
                runner.Model.Dispose();
                runner.Dispose();
                throw;
            }

            List<WorkflowPhase> workflow =
                [.. loaders.Select(entry => new WorkflowPhase(entry.Mode, entry.Epochs, new LoaderSource(entry.Source)))];
            return new Trainer(runner, workflow, dataset);
        }

        private int Seed(string? resumeFrom) => options.Seed
            ?? _parts.Root.IntOrNull("seed")
            ?? (resumeFrom is null ? null : TrainingCheckpoint.Seed(resumeFrom))
            ?? RandomNumberGenerator.GetInt32(int.MaxValue);

        private string WorkFolder() => options.WorkFolder
            ?? _parts.Root.StringOrNull("work_dir")
            ?? Path.Combine("work_dirs", Path.GetFileNameWithoutExtension(config.Path));

        private void WriteConfig(string folder)
        {
            var name = Path.GetFileNameWithoutExtension(config.Path) + ".py";
            File.WriteAllText(Path.Combine(folder, name), ConfigPythonWriter.Write(config.Root));
        }

        private void RequireTraining(bool isThere)
        {
            if (!isThere)
            {
                throw _parts.Root.Error("workflow", "must have a phase of training. Write [('train', 1)].");
            }
        }

        // As the reference: the images of a val phase go through the pipeline of training.
        private List<(RunMode Mode, int Epochs, DataLoader Source)> Loaders(int seed)
        {
            var train = _parts.Data.TrainLoader("train", seed);
            return
            [
                .. _parts.Workflow().Select(phase => (
                    phase.Mode, phase.Epochs, phase.Mode == RunMode.Train ? train : _parts.Data.TrainLoader("val", seed))),
            ];
        }

        private RunnerOptions RunnerOptions(string folder, int seed, IDetectionDataset dataset) => new()
        {
            WorkFolder = folder,
            MaxEpochs = _parts.MaxEpochs,
            Seed = seed,
            Classes = dataset.Classes,
            Progress = options.Progress,
            ResumeCommand = options.ResumeCommand
                ?? (path => $"mmdet train {config.Path} --work-dir {folder} --resume-from {path}"),
            Meta = new Dictionary<string, object?>
            {
                ["env_info"] = string.Join('\n', TorchRuntime.Describe().Select(entry => $"{entry.Key}: {entry.Value}")),
                ["config"] = ConfigPythonWriter.Write(config.Root),
                ["seed"] = seed,
                ["exp_name"] = Path.GetFileName(config.Path),
            },
        };

        private Runner MakeRunner(RunnerOptions runnerOptions, IDetectionDataset dataset)
        {
            var model = DetectorBuilder.Build(config);
            model.ClassNames = dataset.Classes;
            RequireClasses(model, dataset);
            try
            {
                return new Runner(runnerOptions, model, OptimizerRegistry.Build(_parts.Root.Node("optimizer"), model));
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }

        private static void RequireClasses(Detector model, IDetectionDataset dataset)
        {
            if (model.ClassCount < dataset.Classes.Count)
            {
                throw new TrainingException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"model: num_classes must be the data set's {dataset.Classes.Count} classes, got {model.ClassCount}. "
                    + $"Set num_classes={dataset.Classes.Count} in the head."));
            }
        }

        private void Describe(Runner runner, IDetectionDataset dataset)
        {
            runner.Log.Record($"Environment info:\n{runner.Meta["env_info"]}");
            runner.Log.Record($"Config:\n{runner.Meta["config"]}");
            runner.Log.Record($"Seed: {runner.Options.Seed}, deterministic: {options.Deterministic}");
            foreach (var warning in config.Warnings.Concat(dataset.Report.Warnings).Concat(_parts.Warnings()))
            {
                runner.Log.Warn(warning);
            }
        }

        private void Register(Runner runner)
        {
            HookRegistry.RegisterTraining(runner, _parts.Root);
            if (options.Validate)
            {
                var node = _parts.Root.NodeOrNull("evaluation");
                var when = EvalOptions.FromConfig(node);
                var evaluation = new ValidationRun(_parts.Data.TestLoader("val", 1), EvaluationOptions.FromConfig(node), options);
                evaluation.RequireMetrics();
                runner.RegisterHook(new EvalHook(when, evaluation.Run));
            }

            HookRegistry.RegisterCustom(runner, _parts.Root);
        }

        // First weights are drawn on the processor, so that they are the same for every device.
        private void Start(Runner runner, string? resumeFrom)
        {
            if (resumeFrom is null)
            {
                FirstWeights.Initialize(runner.Model, runner.Options.Seed, runner.Log);
                if (_parts.Root.StringOrNull("load_from") is { } path)
                {
                    FirstWeights.LoadFrom(runner.Model, path, runner.Log);
                }
            }

            runner.Model.To(options.Device);
            if (resumeFrom is not null)
            {
                runner.Resume(resumeFrom);
            }
        }
    }

    /// <summary>Detects on the validation set and compares with its annotations.</summary>
    private sealed class ValidationRun(DataLoader loader, EvaluationOptions how, TrainerOptions options)
    {
        internal void RequireMetrics() => DatasetEvaluator.RequireMetrics(loader.Dataset, how);

        internal EvaluationReport Run(Runner runner)
        {
            runner.Model.Eval();
            using var session = new DetectorSession(runner.Model, options.Device, options.Compile);
            var results = DatasetDetector.Run(session, loader, runner.Log.Progress, null, runner.Cancellation);
            return DatasetEvaluator.Evaluate(loader.Dataset, results, how);
        }
    }
}
