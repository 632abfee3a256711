using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>From the initial value to <see cref="Last"/> along a power of the remaining part.</summary>
internal sealed record PolynomialSchedule : Schedule
{
    /// <summary>1 is a straight line.</summary>
    internal double Power { get; init; } = 1;

    /// <summary>The value at the end.</summary>
    internal double Last { get; init; }

    /// <summary>From a config's schedule.</summary>
    internal static PolynomialSchedule FromConfig(ConfigReader reader) =>
        new() { Power = reader.Float("power", 1), Last = reader.Float("min_lr", 0) };

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position)
    {
        var (done, all) = position.Progress(ByEpoch);
        return ((initial - Last) * Math.Pow(1 - ((double)done / all), Power)) + Last;
    }
}
