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
        ["Step"] = reader => Step(reader, "min_lr"),
        ["Exp"] = reader => new ExponentialSchedule { Gamma = reader.Float("gamma") },
        ["Poly"] = reader => new PolynomialSchedule
        {
            Power = reader.Float("power", 1),
            Last = reader.Float("min_lr", 0),
        },
        ["Inv"] = reader => new InverseSchedule { Gamma = reader.Float("gamma"), Power = reader.Float("power", 1) },
        ["CosineAnnealing"] = reader => new CosineAnnealingSchedule { End = End(reader, "min_lr") },
        ["FlatCosineAnnealing"] = FlatCosine,
        ["CosineRestart"] = Restart,
        ["Cyclic"] = reader => Cyclic(reader, (10, 1e-4)),
    };

    private static readonly Dictionary<string, Func<ConfigReader, Schedule>> MomentumTable = new()
    {
        ["Step"] = reader => Step(reader, "min_momentum"),
        ["CosineAnnealing"] = reader => new CosineAnnealingSchedule { End = End(reader, "min_momentum") },
        ["Cyclic"] = reader => Cyclic(reader, (0.85 / 0.95, 1)),
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

        var warmup = ReadWarmup(reader, warmupRatio);
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

    private static Warmup ReadWarmup(ConfigReader reader, double ratio)
    {
        var length = reader.Long("warmup_iters", 0);
        ratio = reader.Float("warmup_ratio", ratio);
        var byEpoch = reader.Bool("warmup_by_epoch", false);
        if (!reader.Has("warmup"))
        {
            return Warmup.None;
        }

        var kind = reader.Choice("warmup", "constant", "linear", "exp") switch
        {
            "constant" => WarmupKind.Constant,
            "linear" => WarmupKind.Linear,
            _ => WarmupKind.Exponential,
        };
        if (length <= 0)
        {
            throw reader.Error("warmup_iters", $"must be above 0 with a warm-up, got {length}. Set it, or warmup=None.");
        }

        return ratio is > 0 and <= 1
            ? new Warmup { Kind = kind, Length = length, Ratio = ratio, ByEpoch = byEpoch }
            : throw reader.Error("warmup_ratio", $"must be above 0 and at most 1, got {ratio}. Correct it.");
    }

    private static StepSchedule Step(ConfigReader reader, string floor)
    {
        var steps = reader.IntsOrOne("step") ?? reader.Ints("step");
        if (steps.Length == 0 || steps.Any(step => step <= 0))
        {
            throw reader.Error("step", $"must hold numbers above 0, got [{string.Join(", ", steps)}]. Correct it.");
        }

        return new StepSchedule
        {
            Steps = [.. steps.Select(step => (long)step)],
            Repeats = reader.Raw("step").Kind == Core.Configs.ConfigKind.Int,
            Gamma = reader.Float("gamma", 0.1),
            Floor = reader.FloatOrNull(floor),
        };
    }

    private static ScheduleEnd End(ConfigReader reader, string key)
    {
        var (value, ratio) = (reader.FloatOrNull(key), reader.FloatOrNull($"{key}_ratio"));
        return (value, ratio) switch
        {
            ({ } last, null) => new(last, IsRatio: false),
            (null, { } part) => new(part, IsRatio: true),
            _ => throw reader.Error(
                key, $"or {key}_ratio must be set, but not both. Set {key}=0 to end at nothing."),
        };
    }

    private static CosineAnnealingSchedule FlatCosine(ConfigReader reader)
    {
        var part = reader.Float("start_percent", 0.75);
        return part is >= 0 and < 1
            ? new CosineAnnealingSchedule { End = End(reader, "min_lr"), FlatPart = part }
            : throw reader.Error("start_percent", $"must be at least 0 and below 1, got {part}. Correct it.");
    }

    private static CosineRestartSchedule Restart(ConfigReader reader)
    {
        var periods = reader.Ints("periods");
        var weights = reader.Floats("restart_weights", [1]);
        return periods.Length == weights.Length
            ? new CosineRestartSchedule
            {
                Periods = [.. periods.Select(period => (long)period)],
                Weights = weights,
                End = End(reader, "min_lr"),
            }
            : throw reader.Error(
                "restart_weights", $"must be as many as periods ({periods.Length}), got {weights.Length}. Give one for each.");
    }

    private static CyclicSchedule Cyclic(ConfigReader reader, (double Turn, double Last) ratios)
    {
        var given = reader.FloatsOrOne("target_ratio") ?? [ratios.Turn, ratios.Last];
        var part = reader.Float("step_ratio_up", 0.4);
        if (given.Length is not (1 or 2))
        {
            throw reader.Error("target_ratio", $"must be one or two numbers, got {given.Length}. Correct it.");
        }

        return part is >= 0 and < 1
            ? new CyclicSchedule
            {
                TurnRatio = given[0],
                LastRatio = given.Length == 2 ? given[1] : given[0] / 1e5,
                Cycles = reader.Int("cyclic_times", 1),
                TurnPart = part,
            }
            : throw reader.Error("step_ratio_up", $"must be at least 0 and below 1, got {part}. Correct it.");
    }
}
