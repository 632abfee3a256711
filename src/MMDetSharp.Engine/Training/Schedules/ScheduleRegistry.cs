using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The schedules that <c>lr_config</c> and <c>momentum_config</c> name: by <c>policy</c>, or by <c>type</c>.</summary>
internal static class ScheduleRegistry
{
    private const string LrSuffix = "LrUpdaterHook";
    private const string MomentumSuffix = "MomentumUpdaterHook";

    private static readonly Dictionary<string, Func<ConfigReader, Schedule>> LrTable = new()
    {
        ["Fixed"] = _ => new FixedSchedule(),
        ["Step"] = reader => StepSchedule.FromConfig(reader, "min_lr"),
        ["Exp"] = ExponentialSchedule.FromConfig,
        ["Poly"] = PolynomialSchedule.FromConfig,
        ["Inv"] = InverseSchedule.FromConfig,
        ["CosineAnnealing"] = reader => CosineAnnealingSchedule.FromConfig(reader, "min_lr"),
        ["FlatCosineAnnealing"] = CosineAnnealingSchedule.FromFlat,
        ["CosineRestart"] = CosineRestartSchedule.FromConfig,
        ["Cyclic"] = reader => CyclicSchedule.FromConfig(reader, (10, 1e-4)),
    };

    private static readonly Dictionary<string, Func<ConfigReader, Schedule>> MomentumTable = new()
    {
        ["Step"] = reader => StepSchedule.FromConfig(reader, "min_momentum"),
        ["CosineAnnealing"] = reader => CosineAnnealingSchedule.FromConfig(reader, "min_momentum"),
        ["Cyclic"] = reader => CyclicSchedule.FromConfig(reader, (0.85 / 0.95, 1)),
    };

    /// <summary>Reads <c>lr_config</c>.</summary>
    internal static (Schedule Schedule, Warmup Warmup) LearningRate(ConfigReader reader) =>
        Read(reader, LrTable, LrSuffix, 0.1);

    /// <summary>Reads <c>momentum_config</c>.</summary>
    internal static (Schedule Schedule, Warmup Warmup) Momentum(ConfigReader reader) =>
        Read(reader, MomentumTable, MomentumSuffix, 0.9);

    private static (Schedule Schedule, Warmup Warmup) Read(
        ConfigReader reader, Dictionary<string, Func<ConfigReader, Schedule>> table, string suffix, double warmupRatio)
    {
        var key = reader.Has("policy") ? "policy" : "type";
        var written = reader.String(key);
        var name = Policy(written, suffix);
        if (!table.TryGetValue(name, out var make))
        {
            var question = NearestName.Question(NearestName.Of(name, table.Keys), "Choose one of them.");
            throw reader.Error(key, $"must be one of {string.Join(", ", table.Keys)}, got '{written}'. {question}");
        }

        var schedule = make(reader);
        schedule = schedule with { ByEpoch = reader.Bool("by_epoch", schedule is not CyclicSchedule) };
        if (schedule is CyclicSchedule { ByEpoch: true })
        {
            throw reader.Error("by_epoch", "must be False for a cyclic schedule. Set by_epoch=False.");
        }

        var warmup = Warmup.FromConfig(reader, warmupRatio);
        reader.Done();
        return (schedule, warmup);
    }

    // As the reference: a name in small letters gets a capital first; others stay as they are.
    private static string Policy(string name, string suffix)
    {
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
        return name.Length > 0 && char.IsLower(name[0]) && !name.Any(char.IsUpper)
            ? char.ToUpperInvariant(name[0]) + name[1..]
            : name;
    }
}
