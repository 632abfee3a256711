using System.Globalization;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>What a <see cref="Runner"/> needs to know besides model, optimizer and data.</summary>
public sealed record RunnerOptions
{
    /// <summary>The folder of checkpoints and logs; it is made where it is missing.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Epochs of the whole training, at least 1.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>All random draws follow from it.</summary>
    public int Seed { get; init; }

    /// <summary>The start of the log files' names; the time of day when left out.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Class names, which checkpoints carry.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What checkpoints and logs carry besides: <c>config</c>, <c>env_info</c>, <c>exp_name</c>, <c>seed</c>.</summary>
    public IReadOnlyDictionary<string, object?> Meta { get; init; } = new Dictionary<string, object?>();

    /// <summary>Where people see how far the training has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The command that goes on with an interrupted training, given the checkpoint; shown to people.</summary>
    public Func<string, string>? ResumeCommand { get; init; }
}

/// <summary>The training loop, epoch by epoch; everything but the losses is done by hooks.</summary>
/// <remarks>
/// As the reference's EpochBasedRunner. What an iteration draws follows from the seed and its number, so that a resumed
/// training goes on as if it had never stopped.
/// </remarks>
public sealed class Runner : IDisposable
{
    private readonly RunnerOptions _options;
    private readonly HookList _hooks = new();
    private Device _device = Device.Cpu;
    private LossTerms? _losses;
    private Batch? _batch;
    private int _stepsOfEpoch;
    private RunClock _clock = new(0);
    private double? _lastLoss;
    private bool _isEpochFinished;

    /// <param name="options">Folder, length, seed and so on.</param>
    /// <param name="model">Trained in place; borrowed.</param>
    /// <param name="optimizer">Of the model's parameters; borrowed.</param>
    public Runner(RunnerOptions options, Detector model, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (options.MaxEpochs < 1)
        {
            throw new TrainingException(
                $"Training: there must be at least 1 epoch, got {options.MaxEpochs}. Set total_epochs in the config.");
        }

        _options = options;
        Model = model;
        Optimizer = optimizer;
        WorkFolder = Directory.CreateDirectory(options.WorkFolder).FullName;
        Timestamp = options.Timestamp ?? DateTime.Now.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        Log = new TrainingLog(Path.Combine(WorkFolder, $"{Timestamp}.log"), options.Progress);
        JsonLogPath = Path.Combine(WorkFolder, $"{Timestamp}.log.json");
    }

    /// <summary>The detector that is trained.</summary>
    public Detector Model { get; }

    /// <summary>Steps the detector's parameters; schedules set its rates.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The folder of checkpoints and logs, a full path.</summary>
    public string WorkFolder { get; }

    /// <summary>The start of the log files' names.</summary>
    public string Timestamp { get; }

    /// <summary>The log for people: WORK_DIR/TIMESTAMP.log.</summary>
    public TrainingLog Log { get; }

    /// <summary>The numbers that the loggers average.</summary>
    public LogBuffer LogBuffer { get; } = new();

    /// <summary>What the current phase does.</summary>
    public RunMode Mode { get; private set; }

    /// <summary>Epochs of training finished.</summary>
    public int Epoch { get; private set; }

    /// <summary>Iterations of training finished, over all epochs.</summary>
    public long Iteration { get; private set; }

    /// <summary>The place of the current iteration in its epoch, from 0.</summary>
    public int InnerIteration { get; private set; }

    /// <summary>Epochs of the whole training.</summary>
    public int MaxEpochs => _options.MaxEpochs;

    /// <summary>Iterations of the whole training; known once it runs.</summary>
    public long MaxIterations { get; private set; }

    /// <summary>Iterations of the current phase's epoch.</summary>
    public int EpochLength { get; private set; }

    /// <summary>Images of the current batch.</summary>
    public int ImagesPerIteration => _batch?.Count ?? 0;

    /// <summary>The hooks in the order in which they are called.</summary>
    public IReadOnlyList<Hook> Hooks => _hooks.Hooks;

    /// <summary>What checkpoints and logs carry: <c>config</c>, <c>env_info</c>, <c>exp_name</c>, <c>seed</c>.</summary>
    public IReadOnlyDictionary<string, object?> Meta => _options.Meta;

    /// <summary>The newest checkpoint of this run, or the one that it was resumed from.</summary>
    public string? LastCheckpoint { get; private set; }

    /// <summary>The checkpoint that evaluated best; a hook sets it.</summary>
    public string? BestCheckpoint { get; set; }

    /// <summary>The numbers of the last evaluation; a hook sets them.</summary>
    public IReadOnlyDictionary<string, object> LastEvaluation { get; set; } = new Dictionary<string, object>();

    /// <summary>Asks long tasks to stop.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>The losses of this iteration with their graph; null outside of one.</summary>
    internal LossTerms? Losses => _losses;

    internal string JsonLogPath { get; }

    internal RunnerOptions Options => _options;

    /// <summary>What has been learned so far, as a checkpoint tells it.</summary>
    internal TrainingPosition Position => _isEpochFinished || (EpochLength > 0 && _stepsOfEpoch == EpochLength)
        ? new(Epoch + 1, 0, StepsDone)
        : new(Epoch, _stepsOfEpoch, StepsDone);

    internal long StepsDone { get; private set; }

    /// <summary>Adds a hook, to be called in order of priority.</summary>
    /// <param name="hook">Called at its moments from the next run on.</param>
    /// <param name="priority">Its place in the order; among equals it comes last.</param>
    public void RegisterHook(Hook hook, HookPriority priority = HookPriority.Normal) => _hooks.Add(hook, priority);

    /// <summary>Goes on from a checkpoint: weights, optimizer, epoch and iteration.</summary>
    /// <param name="path">A checkpoint of this program or of the reference.</param>
    public void Resume(string path)
    {
        var position = TrainingCheckpoint.Resume(path, this);
        (Epoch, _stepsOfEpoch, StepsDone) = (position.Epoch, position.InnerIteration, position.Iteration);
        Iteration = StepsDone;
        LastCheckpoint = Path.GetFullPath(path);
        Log.Info($"resumed epoch {Epoch}, iter {Iteration} from {path}");
    }

    /// <summary>Runs the workflow until all epochs are done, or until it is asked to stop.</summary>
    /// <param name="workflow">The phases in order, at least one of training.</param>
    /// <param name="cancellation">Stops after the current iteration; a checkpoint is written then.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="TrainingException">A loss is not finite, or there is nothing to train on.</exception>
    /// <exception cref="DataLoaderException">An image cannot be read; a checkpoint is written first.</exception>
    public TrainingResult Run(IReadOnlyList<WorkflowPhase> workflow, CancellationToken cancellation = default)
    {
        var training = workflow.FirstOrDefault(phase => phase.Mode == RunMode.Train)
            ?? throw new TrainingException("Training: the workflow must have a phase of training. Use [('train', 1)].");
        if (training.Source.Count == 0)
        {
            throw new TrainingException(
                "Training: there must be at least one batch, the data set has none. Look at ann_file and img_prefix.");
        }

        Cancellation = cancellation;
        _device = Model.NamedParameters().First().Tensor.Device;
        MaxIterations = (long)MaxEpochs * training.Source.Count;
        _clock = new RunClock(Iteration);
        Log.Record($"workflow: [{string.Join(", ", workflow.Select(phase => $"({phase.Mode}, {phase.Epochs})"))}], "
            + $"max: {MaxEpochs} epochs, work_dir: {WorkFolder}");
        _hooks.Call(hook => hook.BeforeRun(this));
        var isInterrupted = !RunEpochs(workflow);
        _hooks.Call(hook => hook.AfterRun(this));
        return Result(isInterrupted);
    }

    /// <summary>Writes a checkpoint and points <c>latest.pth</c> of its folder at it.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="saveOptimizer">Whether the optimizer's state is saved too.</param>
    public void SaveCheckpoint(string path, bool saveOptimizer = true)
    {
        try
        {
            TrainingCheckpoint.Write(path, this, saveOptimizer);
            LatestLink.Point(path);
        }
        catch (Exception error) when (error is CheckpointException or IOException && LastCheckpoint is not null)
        {
            throw new TrainingException($"{error.Message} The last good checkpoint is {LastCheckpoint}.", error);
        }

        LastCheckpoint = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public void Dispose() => Log.Dispose();

    /// <summary>Marks that the optimizer has made the step of this iteration.</summary>
    internal void CountStep()
    {
        _stepsOfEpoch++;
        StepsDone++;
    }

    /// <summary>Reads the losses of this iteration, once, and gives them to the log.</summary>
    /// <exception cref="TrainingException">One is not finite.</exception>
    internal void ReadLosses()
    {
        if (_losses is null || _batch is null)
        {
            return;
        }

        var values = _losses.ReadValues();
        if (values.Any(value => !double.IsFinite(value.Value)))
        {
            throw NonFiniteLoss.Explain(this, _losses, _batch);
        }

        foreach (var (name, value) in values)
        {
            LogBuffer.Update(name, value, _batch.Count);
        }

        _lastLoss = values[^1].Value;
        _losses = null;
    }

    /// <summary>How far the phase has come.</summary>
    internal ProgressReport Report() => _clock.Report(this, _lastLoss);

    // False when it was asked to stop.
    private bool RunEpochs(IReadOnlyList<WorkflowPhase> workflow)
    {
        try
        {
            while (Epoch < MaxEpochs)
            {
                foreach (var phase in workflow.SelectMany(phase => Enumerable.Repeat(phase, phase.Epochs)))
                {
                    RunEpoch(phase);
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            SaveInterrupted();
            return false;
        }
        catch (DataLoaderException) when (StepsDone > _clock.FirstIteration)
        {
            SaveInterrupted();
            throw;
        }
    }

    private void RunEpoch(WorkflowPhase phase)
    {
        if (phase.Mode == RunMode.Val)
        {
            Validate(phase.Source);
        }
        else if (Epoch < MaxEpochs)
        {
            Train(phase.Source);
        }
    }

    private void Train(IBatchSource source)
    {
        Begin(RunMode.Train, source);
        Model.Train();
        _hooks.Call(hook => hook.BeforeTrainEpoch(this));
        var inner = _stepsOfEpoch;
        foreach (var batch in source.Epoch(Epoch, inner, Cancellation))
        {
            InnerIteration = inner++;
            TrainOn(batch);
            Iteration++;
            Cancellation.ThrowIfCancellationRequested();
        }

        _isEpochFinished = true;
        _hooks.Call(hook => hook.AfterTrainEpoch(this));
        Epoch++;
        (_stepsOfEpoch, _isEpochFinished) = (0, false);
    }

    private void Validate(IBatchSource source)
    {
        Begin(RunMode.Val, source);
        Model.Eval();
        _hooks.Call(hook => hook.BeforeValEpoch(this));
        var inner = 0;
        foreach (var batch in source.Epoch(Epoch, 0, Cancellation))
        {
            InnerIteration = inner++;
            ValidateOn(batch);
            Cancellation.ThrowIfCancellationRequested();
        }

        _hooks.Call(hook => hook.AfterValEpoch(this));
    }

    private void Begin(RunMode mode, IBatchSource source)
    {
        Mode = mode;
        EpochLength = source.Count;
        InnerIteration = 0;
    }

    private void TrainOn(Batch batch)
    {
        using var owned = batch;
        using var scope = TensorScope.Begin();
        _hooks.Call(hook => hook.BeforeTrainIteration(this));
        ComputeLosses(batch);
        _hooks.Call(hook => hook.AfterTrainIteration(this));
        (_losses, _batch) = (null, null);
    }

    private void ValidateOn(Batch batch)
    {
        using var owned = batch;
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        _hooks.Call(hook => hook.BeforeValIteration(this));
        ComputeLosses(batch);
        ReadLosses();
        _hooks.Call(hook => hook.AfterValIteration(this));
        Log.Progress.Update(Report());
        (_losses, _batch) = (null, null);
    }

    private void ComputeLosses(Batch batch)
    {
        _batch = batch;
        using var randomness = new Generator(IterationSeed.Of(_options.Seed, Iteration), _device);
        Model.UseRandomness(randomness);
        _losses = Model.ComputeLosses(_device.Type == DeviceType.Cpu ? batch : batch.To(_device));
    }

    private void SaveInterrupted()
    {
        var path = Path.Combine(WorkFolder, $"iter_{StepsDone}.pth");
        SaveCheckpoint(path);
        var command = _options.ResumeCommand?.Invoke(path);
        Log.Info($"Stopped after iteration {StepsDone} (epoch {Position.Epoch + 1}). Everything learned so far is in {path}."
            + (command is null ? "" : $" Go on with:\n  {command}"));
    }

    private TrainingResult Result(bool isInterrupted) => new()
    {
        Epochs = Epoch,
        Iterations = StepsDone,
        IsInterrupted = isInterrupted,
        LastCheckpoint = LastCheckpoint,
        BestCheckpoint = BestCheckpoint,
        LastEvaluation = LastEvaluation,
        WorkFolder = WorkFolder,
        JsonLog = File.Exists(JsonLogPath) ? JsonLogPath : null,
    };
}
