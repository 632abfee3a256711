using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Several half cosines, one after the other (SGDR, arXiv 1608.03983, section 3).</summary>
internal sealed record CosineRestartSchedule : Schedule
{
    /// <summary>The length of each period, in epochs or iterations.</summary>
    internal required IReadOnlyList<long> Periods { get; init; }

    /// <summary>(as many as periods): the height of each period as a part of the initial value.</summary>
    internal required IReadOnlyList<double> Weights { get; init; }

    /// <summary>The value at the end of each period.</summary>
    internal required ScheduleEnd End { get; init; }

    /// <summary>From a config's schedule.</summary>
    internal static CosineRestartSchedule FromConfig(ConfigReader reader)
    {
        var periods = reader.Ints("periods");
        var weights = reader.Floats("restart_weights", [1]);
        return periods.Length == weights.Length
            ? new CosineRestartSchedule
            {
                Periods = [.. periods.Select(period => (long)period)],
                Weights = weights,
                End = ScheduleEnd.FromConfig(reader, "min_lr"),
            }
            : throw reader.Error(
                "restart_weights", $"must be as many as periods ({periods.Length}), got {weights.Length}. Give one for each.");
    }

    /// <inheritdoc/>
    /// <exception cref="TrainingException">The training is longer than all periods.</exception>
    internal override double At(double initial, SchedulePosition position)
    {
        var done = position.Progress(ByEpoch).Done;
        var start = 0L;
        for (var i = 0; i < Periods.Count; i++)
        {
            // As the reference: the last moment of a period belongs to it, not to the next.
            if (done <= start + Periods[i])
            {
                var fraction = Math.Min((double)(done - start) / Periods[i], 1);
                return Cosine(initial, End.For(initial), fraction, Weights[i]);
            }

            start += Periods[i];
        }

        throw new TrainingException(
            $"CosineRestart: the periods must reach to the end of the training, they end at {start}, it is at {done}. "
            + "Add a period, or train fewer epochs.");
    }
}
