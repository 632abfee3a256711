using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Reads the hooks of a config, and registers them in the reference's order.</summary>
internal static class HookRegistry
{
    private const string Plain = "OptimizerHook";

    private static readonly Registry<Hook> s_custom = new("hook", new()
    {
        [Plain] = OptimizerHook.FromConfig,
        ["CheckpointHook"] = CheckpointHook.FromConfig,
        ["IterTimerHook"] = _ => new IterTimerHook(),
        ["TextLoggerHook"] = reader => TextLoggerHook.FromConfig(reader, new LoggerOptions().Interval),
        ["ExpMomentumEMAHook"] = EmaHook.FromExponential,
        ["LinearMomentumEMAHook"] = EmaHook.FromLinear,
        ["YOLOv5EMAHook"] = EmaHook.FromYoloV5,
    });

    // Those of optimizer_config.
    private static readonly Dictionary<string, Func<ConfigReader, Hook>> s_optimizers = new()
    {
        [Plain] = OptimizerHook.FromConfig,
        ["GradientCumulativeOptimizerHook"] = AccumulatingOptimizerHook.FromCumulative,
        ["YOLOv5OptimizerHook"] = AccumulatingOptimizerHook.FromYoloV5,
    };

    private static readonly string[] s_averages = ["ExpMomentumEMAHook", "LinearMomentumEMAHook", "YOLOv5EMAHook"];

    /// <summary>The hooks of every training: rate, momentum, optimizer, checkpoints, timer, loggers.</summary>
    /// <param name="runner">The loop that calls them.</param>
    /// <param name="config">The whole config.</param>
    internal static void RegisterTraining(Runner runner, ConfigReader config)
    {
        runner.RegisterHook(Finish(config.Node("lr_config"), ReadRate)!);
        if (Finish(config.NodeOrNull("momentum_config"), MomentumUpdaterHook.FromConfig) is { } momentum)
        {
            runner.RegisterHook(momentum);
        }

        runner.RegisterHook(Finish(config.NodeOrNull("optimizer_config"), ReadOptimizer) ?? new OptimizerHook(null));
        RegisterAverages(runner, config);
        if (Finish(config.NodeOrNull("checkpoint_config"), CheckpointHook.FromConfig) is { } checkpoints)
        {
            runner.RegisterHook(checkpoints);
        }

        runner.RegisterHook(new IterTimerHook());
        RegisterLoggers(runner, config.NodeOrNull("log_config"));
    }

    /// <summary>The config's <c>custom_hooks</c>, each with its own priority.</summary>
    internal static void RegisterCustom(Runner runner, ConfigReader config)
    {
        foreach (var reader in CustomNodes(config).Where(reader => !s_averages.Contains(reader.TypeName)))
        {
            var priority = Priority(reader);
            runner.RegisterHook(s_custom.Build(reader), priority);
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
        foreach (var reader in CustomNodes(config).Where(reader => s_averages.Contains(reader.TypeName)))
        {
            reader.Ignore("priority");
            runner.RegisterHook(s_custom.Build(reader));
        }
    }

    private static IReadOnlyList<ConfigReader> CustomNodes(ConfigReader config) => config.NodesOrNull("custom_hooks") ?? [];

    private static Hook ReadRate(ConfigReader reader) => YoloV5ScheduleHook.IsAskedFor(reader)
        ? YoloV5ScheduleHook.FromConfig(reader)
        : LrUpdaterHook.FromConfig(reader);

    private static Hook ReadOptimizer(ConfigReader reader) =>
        s_optimizers[reader.ChoiceOr("type", Plain, [.. s_optimizers.Keys])](reader);

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

            runner.RegisterHook(TextLoggerHook.FromConfig(hook, interval), HookPriority.VeryLow);
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
}
