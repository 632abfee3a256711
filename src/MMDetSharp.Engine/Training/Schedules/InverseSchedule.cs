using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The initial value divided by a power of 1 + <see cref="Gamma"/> times the progress.</summary>
internal sealed record InverseSchedule : Schedule
{
    /// <summary>How fast the value falls.</summary>
    internal required double Gamma { get; init; }

    /// <summary>The power of the divisor.</summary>
    internal double Power { get; init; } = 1;

    /// <summary>From a config's schedule.</summary>
    internal static InverseSchedule FromConfig(ConfigReader reader) =>
        new() { Gamma = reader.Float("gamma"), Power = reader.Float("power", 1) };

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position) =>
        initial * Math.Pow(1 + (Gamma * position.Progress(ByEpoch).Done), -Power);
}
