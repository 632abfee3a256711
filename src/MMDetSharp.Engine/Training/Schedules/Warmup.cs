using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The first iterations of a training, in which a value comes up to its schedule (arXiv 1706.02677, section 2.2).</summary>
internal sealed record Warmup
{
    /// <summary>No warm-up.</summary>
    internal static Warmup None { get; } = new() { Kind = WarmupKind.None };

    /// <summary>Constant, linear or exponential warm-up.</summary>
    internal required WarmupKind Kind { get; init; }

    /// <summary>How long it takes: iterations, or epochs with <see cref="ByEpoch"/>.</summary>
    internal long Length { get; init; }

    /// <summary>The part of the schedule's value at the first iteration, above 0 to 1.</summary>
    internal double Ratio { get; init; } = 0.1;

    /// <summary>Whether <see cref="Length"/> counts epochs.</summary>
    internal bool ByEpoch { get; init; }

    /// <summary>From a config's schedule.</summary>
    /// <param name="reader">The node <c>lr_config</c> or <c>momentum_config</c>.</param>
    /// <param name="ratio">The part at the first iteration where it does not say.</param>
    internal static Warmup FromConfig(ConfigReader reader, double ratio)
    {
        var length = reader.Long("warmup_iters", 0);
        ratio = reader.Float("warmup_ratio", ratio);
        var byEpoch = reader.Bool("warmup_by_epoch", false);
        if (!reader.Has("warmup"))
        {
            return None;
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

    /// <summary>How long it takes in iterations.</summary>
    internal long Iterations(long epochLength) =>
        Kind == WarmupKind.None ? 0 : ByEpoch ? Length * epochLength : Length;

    /// <summary>The part of the schedule's value at an iteration before the end of the warm-up.</summary>
    /// <param name="iteration">Iterations finished.</param>
    /// <param name="all">Iterations of the warm-up.</param>
    internal double Factor(long iteration, long all)
    {
        var left = 1 - ((double)iteration / all);
        return Kind switch
        {
            WarmupKind.Constant => Ratio,
            WarmupKind.Linear => 1 - (left * (1 - Ratio)),
            WarmupKind.Exponential => Math.Pow(Ratio, left),
            _ => 1,
        };
    }
}

/// <summary>How a value comes up to its schedule at the start of a training.</summary>
internal enum WarmupKind
{
    /// <summary>No warm-up: the schedule's value from the first iteration on.</summary>
    None,

    /// <summary>A fixed part of the schedule, then all of it.</summary>
    Constant,

    /// <summary>The factor rises linearly from the ratio to 1.</summary>
    Linear,

    /// <summary>The factor rises exponentially from the ratio to 1.</summary>
    Exponential,
}
