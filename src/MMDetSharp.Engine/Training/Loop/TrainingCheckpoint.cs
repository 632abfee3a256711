using System.Globalization;
using System.Reflection;

using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>Checkpoints of a training, laid out as mmcv's: <c>meta</c>, <c>state_dict</c>, <c>optimizer</c>.</summary>
internal static class TrainingCheckpoint
{
    /// <summary>Writes weights, the optimizer's state and the progress, atomically.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="runner">Has all that is written.</param>
    /// <param name="saveOptimizer">Whether the optimizer's state is written.</param>
    /// <param name="more">Numbers to tell besides.</param>
    internal static void Write(
        string path, Runner runner, bool saveOptimizer, params ReadOnlySpan<KeyValuePair<string, double>> more)
    {
        var meta = Meta(runner);
        foreach (var (name, value) in more)
        {
            meta[name] = value;
        }

        List<IDisposable?> turns = [.. runner.Hooks.Select(hook => hook.Checkpointing())];
        try
        {
            Checkpoint.Write(path, new()
            {
                State = ModuleState.Store(runner.Model),
                Meta = meta,
                Optimizer = saveOptimizer ? OptimizerState.Store(runner.Optimizer) : null,
                Hooks = saveOptimizer ? HookStates(runner) : null,
                TrainingState = saveOptimizer ? TrainingState(runner) : null,
            });
        }
        finally
        {
            turns.ForEach(turn => turn?.Dispose());
        }
    }

    /// <summary>Loads weights, the optimizer's state and the progress.</summary>
    /// <exception cref="TrainingException">The file does not tell the progress.</exception>
    /// <exception cref="CheckpointException">The file cannot be read, or is of another model.</exception>
    internal static TrainingPosition Resume(string path, Runner runner)
    {
        using var checkpoint = Checkpoint.Read(path);
        ModuleState.Load(runner.Model, checkpoint);
        if (checkpoint.Optimizer is { } optimizer)
        {
            OptimizerState.Load(runner.Optimizer, optimizer, path);
        }
        else
        {
            runner.Log.Warn($"{path} has no optimizer state: the optimizer starts anew, and the result will differ.");
        }

        LoadTrainingState(checkpoint, runner);
        LoadHooks(checkpoint, runner);
        WarnOfOtherSeed(checkpoint.Meta, runner);
        return Position(path, checkpoint.Meta);
    }

    /// <summary>The seed of the training that wrote a checkpoint, or null when it does not tell.</summary>
    internal static int? Seed(string path)
    {
        using var checkpoint = Checkpoint.Read(path);
        return checkpoint.Meta.TryGet("seed", out var seed) && !seed.IsNone ? (int)seed.AsInt64() : null;
    }

    private static StoredDictionary? HookStates(Runner runner)
    {
        var states = new StoredDictionary();
        foreach (var hook in runner.Hooks.Where(hook => hook.StateName is not null))
        {
            states[hook.StateName!] = hook.StoreState();
        }

        return states.Count > 0 ? states : null;
    }

    private static void LoadHooks(Checkpoint checkpoint, Runner runner)
    {
        var stored = checkpoint.Root is StoredDictionary root && root.TryGet("hooks", out var hooks)
            ? hooks.AsDictionary()
            : [];
        foreach (var hook in runner.Hooks.Where(hook => hook.StateName is not null))
        {
            if (stored.TryGet(hook.StateName!, out var state))
            {
                hook.LoadState(state.AsDictionary(), runner);
            }
            else
            {
                runner.Log.Warn(
                    $"{checkpoint.FileName} holds nothing of {hook.StateName}: it starts anew, and the result will differ.");
            }
        }
    }

    private static StoredDictionary? TrainingState(Runner runner)
    {
        var stored = new StoredDictionary();
        foreach (var (name, tensor) in runner.Model.TrainingState)
        {
            stored[name] = StoredTensor.From(tensor);
        }

        return stored.Count > 0 ? stored : null;
    }

    private static void LoadTrainingState(Checkpoint checkpoint, Runner runner)
    {
        var stored = checkpoint.Root is StoredDictionary root && root.TryGet("training_state", out var state)
            ? state.AsDictionary()
            : [];
        using var noGrad = GradMode.NoGrad();
        foreach (var (name, tensor) in runner.Model.TrainingState)
        {
            using var scope = TensorScope.Begin();
            if (!stored.TryGet(name, out var value))
            {
                runner.Log.Warn(
                    $"{checkpoint.FileName} holds nothing of {name}: it starts anew, and the result will differ.");
            }
            else if (value is StoredTensor saved && saved.Shape.SequenceEqual(tensor.Shape))
            {
                tensor.CopyFromInPlace(saved.ToTensor());
            }
            else
            {
                throw new TrainingException(
                    $"{checkpoint.FileName}: {name} must be a tensor of shape [{string.Join(", ", tensor.Shape)}], found "
                    + $"{value}. Resume with the config that wrote the checkpoint.");
            }
        }
    }

    private static TrainingPosition Position(string path, StoredDictionary meta)
    {
        if (!meta.Contains("epoch") || !meta.Contains("iter"))
        {
            throw new TrainingException(
                $"{path}: a training can be resumed only from a checkpoint that tells epoch and iter, found none. "
                + "To start anew from its weights, use load_from instead: --cfg-options load_from=PATH.");
        }

        var inner = meta.TryGet("inner_iter", out var value) ? value.AsInt64() : 0;
        return new((int)meta["epoch"].AsInt64(), (int)inner, meta["iter"].AsInt64());
    }

    private static StoredDictionary Meta(Runner runner)
    {
        var position = runner.Position;
        var meta = new StoredDictionary
        {
            ["epoch"] = position.Epoch,
            ["iter"] = position.Iteration,
            ["inner_iter"] = position.InnerIteration,
            ["seed"] = runner.Options.Seed,
            ["time"] = DateTime.Now.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            ["mmdetsharp_version"] = Version,
        };
        if (runner.Options.Classes.Count > 0)
        {
            meta["CLASSES"] = new StoredList(
                runner.Options.Classes.Select(name => (StoredValue)name), StoredSequenceKind.Tuple);
        }

        foreach (var (name, value) in runner.Meta)
        {
            meta[name] = Stored(value);
        }

        return meta;
    }

    private static string Version { get; } =
        typeof(TrainingCheckpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    private static StoredValue Stored(object? value) => value switch
    {
        null => StoredValue.None,
        bool truth => truth,
        int number => number,
        long number => number,
        double number => number,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static void WarnOfOtherSeed(StoredDictionary meta, Runner runner)
    {
        if (meta.TryGet("seed", out var seed) && !seed.IsNone && seed.AsInt64() != runner.Options.Seed)
        {
            runner.Log.Warn(
                $"the checkpoint was trained with seed {seed.AsInt64()}, this training has {runner.Options.Seed}: "
                + $"the result will differ from one that never stopped. Use --seed {seed.AsInt64()}.");
        }
    }
}

/// <summary>What a checkpoint tells of the training's progress.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="InnerIteration">Iterations finished of the epoch that runs.</param>
/// <param name="Iteration">Iterations finished over all epochs.</param>
internal readonly record struct TrainingPosition(int Epoch, int InnerIteration, long Iteration);
