using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Up and down again, with half cosines for the straight lines of the paper (arXiv 1506.01186).</summary>
/// <remarks>Counts iterations only.</remarks>
internal sealed record CyclicSchedule : Schedule
{
    /// <summary>The turning value as a part of the initial value.</summary>
    internal required double TurnRatio { get; init; }

    /// <summary>The last value as a part of the initial value.</summary>
    internal required double LastRatio { get; init; }

    /// <summary>How many cycles the training has.</summary>
    internal long Cycles { get; init; } = 1;

    /// <summary>The part of a cycle, 0 to 1, that leads to the turn.</summary>
    internal double TurnPart { get; init; } = 0.4;

    /// <summary>From a config's schedule.</summary>
    /// <param name="reader">The node <c>lr_config</c> or <c>momentum_config</c>.</param>
    /// <param name="ratios">The turning and the last value as parts of the initial one, where it does not say.</param>
    internal static CyclicSchedule FromConfig(ConfigReader reader, (double Turn, double Last) ratios)
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

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position)
    {
        var length = Math.Max(position.MaxIterations / Cycles, 1);
        var turn = (long)(TurnPart * length);
        var place = position.Iteration % length;
        return place < turn
            ? Cosine(initial, initial * TurnRatio, (double)place / turn)
            : Cosine(initial * TurnRatio, initial * LastRatio, (double)(place - turn) / (length - turn));
    }
}
