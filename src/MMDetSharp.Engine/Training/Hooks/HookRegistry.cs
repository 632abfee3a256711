using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Schedules;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Reads the hooks of a config, and registers them in the reference's order.</summary>
internal static class HookRegistry
{
    private static readonly Registry<Hook> Custom = new("hook", new()
    {
        ["OptimizerHook"] = ReadOptimizer,
        ["CheckpointHook"] = ReadCheckpoint,
        ["IterTimerHook"] = _ => new IterTimerHook(),
        ["TextLoggerHook"] = reader => ReadLogger(reader, new LoggerOptions().Interval),
        ["ExpMomentumEMAHook"] = YoloHookConfig.ExponentialAverage,
        ["LinearMomentumEMAHook"] = YoloHookConfig.LinearAverage,
        ["YOLOv5EMAHook"] = YoloHookConfig.YoloV5Average,
    });

    /// <summary>The hooks of every training: rate, momentum, optimizer, checkpoints, timer, loggers.</summary>
    /// <param name="runner">Gets them.</param>
    /// <param name="config">The whole config.</param>
    internal static void RegisterTraining(Runner runner, ConfigReader config)
    {
        runner.RegisterHook(ReadRate(config.Node("lr_config")));
        if (config.NodeOrNull("momentum_config") is { } momentum)
        {
            var (curve, up) = ScheduleRegistry.Momentum(momentum);
            runner.RegisterHook(new MomentumUpdaterHook(curve, up));
        }

        runner.RegisterHook(Finish(config.NodeOrNull("optimizer_config"), ReadOptimizer) ?? new OptimizerHook(null));
        RegisterAverages(runner, config);
        if (Finish(config.NodeOrNull("checkpoint_config"), ReadCheckpoint) is { } checkpoints)
        {
            runner.RegisterHook(checkpoints);
        }

        runner.RegisterHook(new IterTimerHook());
        RegisterLoggers(runner, config.NodeOrNull("log_config"));
    }

    /// <summary>The config's <c>custom_hooks</c>, each with its own priority.</summary>
    internal static void RegisterCustom(Runner runner, ConfigReader config)
    {
        foreach (var reader in CustomNodes(config).Where(reader => !YoloHookConfig.Averages.Contains(reader.TypeName)))
        {
            var priority = Priority(reader);
            runner.RegisterHook(Custom.Build(reader), priority);
        }
    }

    /// <summary>A name of the reference (<c>'VERY_LOW'</c>) or a number.</summary>
    internal static HookPriority Priority(ConfigReader reader)
    {
        if (reader.RawOrNull("priority") is not { } value)
        {
            return HookPriority.Normal;
        }

        if (value.Kind == ConfigKind.Int)
        {
            return (HookPriority)reader.Int("priority");
        }

        var name = reader.String("priority").Replace("_", "", StringComparison.Ordinal);
        return Enum.TryParse<HookPriority>(name, ignoreCase: true, out var priority)
            ? priority
            : throw reader.Error(
                "priority", "must be HIGHEST, VERY_HIGH, HIGH, NORMAL, LOW, VERY_LOW, LOWEST or 0 to 100. Choose one.");
    }

    // Right behind the optimizer, before checkpoints and evaluation, whatever priority the config gives them.
    private static void RegisterAverages(Runner runner, ConfigReader config)
    {
        foreach (var reader in CustomNodes(config).Where(reader => YoloHookConfig.Averages.Contains(reader.TypeName)))
        {
            reader.Ignore("priority");
            runner.RegisterHook(Custom.Build(reader));
        }
    }

    private static IReadOnlyList<ConfigReader> CustomNodes(ConfigReader config) => config.NodesOrNull("custom_hooks") ?? [];

    private static Hook ReadRate(ConfigReader reader)
    {
        if (YoloHookConfig.IsYolo(reader))
        {
            return YoloHookConfig.Schedule(reader);
        }

        var (schedule, warmup) = ScheduleRegistry.LearningRate(reader);
        return new LrUpdaterHook(schedule, warmup);
    }

    private static void RegisterLoggers(Runner runner, ConfigReader? reader)
    {
        if (reader is null)
        {
            return;
        }

        // Loggers that are not available here are left out, with all their keys.
        var interval = reader.Int("interval", new LoggerOptions().Interval);
        reader.Ignore("hooks");
        foreach (var hook in reader.NodesOrNull("hooks") ?? [])
        {
            if (hook.TypeName != "TextLoggerHook")
            {
                runner.Log.Warn($"{hook.Path}: {hook.TypeName} is not available here and is left out; "
                    + "the text and JSON logs hold the same numbers.");
                continue;
            }

            runner.RegisterHook(ReadLogger(hook, interval), HookPriority.VeryLow);
            hook.Done();
        }

        reader.Done();
    }

    private static T? Finish<T>(ConfigReader? reader, Func<ConfigReader, T> read)
        where T : class
    {
        if (reader is null)
        {
            return null;
        }

        var result = read(reader);
        reader.Done();
        return result;
    }

    private static Hook ReadOptimizer(ConfigReader reader)
    {
        var clip = ReadClip(reader);
        return reader.ChoiceOr(
            "type", "OptimizerHook", "OptimizerHook", "GradientCumulativeOptimizerHook", "YOLOv5OptimizerHook") switch
        {
            "OptimizerHook" => new OptimizerHook(clip),
            "YOLOv5OptimizerHook" => YoloHookConfig.Nominal(reader, clip),
            _ => YoloHookConfig.Cumulative(reader, clip),
        };
    }

    private static ClipOptions? ReadClip(ConfigReader reader)
    {
        if (reader.NodeOrNull("grad_clip") is not { } clip || clip.Source.Count == 0)
        {
            return null;
        }

        var options = new ClipOptions(clip.Float("max_norm"), Norm(clip));
        clip.Done();
        return options;
    }

    private static double Norm(ConfigReader reader) =>
        reader.RawOrNull("norm_type") is ConfigScalar { Content: string } && reader.Choice("norm_type", "inf") == "inf"
            ? double.PositiveInfinity
            : reader.Float("norm_type", 2);

    private static CheckpointHook ReadCheckpoint(ConfigReader reader)
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

    private static TextLoggerHook ReadLogger(ConfigReader reader, int interval)
    {
        reader.Ignore("type");
        var options = new LoggerOptions
        {
            Interval = reader.Int("interval", interval),
            IgnoreLast = reader.Bool("ignore_last", true),
            ResetFlag = reader.Bool("reset_flag", false),
            ByEpoch = reader.Bool("by_epoch", true),
            ExperimentNameInterval = reader.Int("interval_exp_name", 1000),
        };
        return options.Interval > 0
            ? new TextLoggerHook(options)
            : throw reader.Error("interval", $"must be above 0, got {options.Interval}. Correct it.");
    }
}
