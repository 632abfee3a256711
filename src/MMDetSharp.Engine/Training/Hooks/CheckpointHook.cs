using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>When checkpoints are written, and which are kept.</summary>
internal sealed record CheckpointOptions
{
    /// <summary>Epochs or iterations from one checkpoint to the next; 0 or less means never.</summary>
    internal int Interval { get; init; } = -1;

    /// <summary>Whether <see cref="Interval"/> counts epochs, or else iterations.</summary>
    internal bool ByEpoch { get; init; } = true;

    /// <summary>Whether the optimizer's state is saved, so that the training can be resumed.</summary>
    internal bool SaveOptimizer { get; init; } = true;

    /// <summary>The folder; null for the training's own.</summary>
    internal string? Folder { get; init; }

    /// <summary>How many of the latest are kept; 0 or less means all.</summary>
    internal int MaxKeep { get; init; } = -1;

    /// <summary>Whether the end of the training is saved even when the interval does not fall on it.</summary>
    internal bool SaveLast { get; init; } = true;

    /// <summary>The file name, with <c>{}</c> for the number of epochs or iterations; null for the usual ones.</summary>
    internal string? NamePattern { get; init; }
}

/// <summary>Writes a checkpoint every few epochs or iterations, and removes old ones.</summary>
internal sealed class CheckpointHook(CheckpointOptions options) : Hook
{
    private string Pattern => options.NamePattern ?? (options.ByEpoch ? "epoch_{}.pth" : "iter_{}.pth");

    /// <summary>From a config's <c>checkpoint_config</c>.</summary>
    internal static CheckpointHook FromConfig(ConfigReader reader)
    {
        reader.Ignore("type", "meta", "create_symlink", "sync_buffer");
        return new CheckpointHook(new CheckpointOptions
        {
            Interval = reader.Int("interval", -1),
            ByEpoch = reader.Bool("by_epoch", true),
            SaveOptimizer = reader.Bool("save_optimizer", true),
            Folder = reader.StringOrNull("out_dir"),
            MaxKeep = reader.Int("max_keep_ckpts", -1),
            SaveLast = reader.Bool("save_last", true),
            NamePattern = reader.StringOrNull("filename_tmpl"),
        });
    }

    /// <inheritdoc/>
    public override void AfterTrainEpoch(Runner runner)
    {
        var isLast = options.SaveLast && options.Interval > 0 && runner.Epoch + 1 == runner.MaxEpochs;
        if (options.ByEpoch && (isLast || IsEvery(runner.Epoch, options.Interval)))
        {
            Save(runner, runner.Epoch + 1, $"Saving checkpoint at {runner.Epoch + 1} epochs");
        }
    }

    /// <inheritdoc/>
    public override void AfterTrainIteration(Runner runner)
    {
        var isLast = options.SaveLast && options.Interval > 0 && runner.Iteration + 1 == runner.MaxIterations;
        if (!options.ByEpoch && (isLast || IsEvery(runner.Iteration, options.Interval)))
        {
            Save(runner, runner.Iteration + 1, $"Saving checkpoint at {runner.Iteration + 1} iterations");
        }
    }

    private void Save(Runner runner, long number, string message)
    {
        runner.Log.Record(message);
        var folder = options.Folder ?? runner.WorkFolder;
        runner.SaveCheckpoint(Path.Combine(folder, CheckpointRetention.Name(Pattern, number)), options.SaveOptimizer);
        if (options.MaxKeep > 0)
        {
            CheckpointRetention.Apply(folder, Pattern, number, options.MaxKeep);
        }
    }
}
