namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The initial value all the time.</summary>
internal sealed record FixedSchedule : Schedule
{
    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position) => initial;
}
