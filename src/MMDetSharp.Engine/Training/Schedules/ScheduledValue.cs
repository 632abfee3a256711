namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>One value of each parameter group along a schedule with its warm-up.</summary>
/// <param name="schedule">The curve after the warm-up.</param>
/// <param name="warmup">The way up to it.</param>
/// <param name="warmupDivides">Momenta are divided by the warm-up's factor (they come down), learning rates multiplied.</param>
internal sealed class ScheduledValue(Schedule schedule, Warmup warmup, bool warmupDivides = false)
{
    private double[] _regular = [];

    /// <summary>The values that the optimizer was made with, one per parameter group.</summary>
    internal double[] Initial { get; set; } = [];

    /// <summary>The values to set at the start of an epoch; null to leave them.</summary>
    internal double[]? AtEpoch(SchedulePosition position)
    {
        if (!schedule.ByEpoch)
        {
            return null;
        }

        _regular = Regular(position);
        return _regular;
    }

    /// <summary>The values to set before an iteration; null to leave them.</summary>
    internal double[]? AtIteration(SchedulePosition position)
    {
        if (!schedule.ByEpoch)
        {
            _regular = Regular(position);
        }

        var end = warmup.Iterations(position.EpochLength);
        if (position.Iteration < end)
        {
            var factor = warmup.Factor(position.Iteration, end);
            return Array.ConvertAll(_regular, value => warmupDivides ? value / factor : value * factor);
        }

        return schedule.ByEpoch && position.Iteration > end ? null : _regular;
    }

    private double[] Regular(SchedulePosition position) =>
        Array.ConvertAll(Initial, initial => schedule.At(initial, position));
}
