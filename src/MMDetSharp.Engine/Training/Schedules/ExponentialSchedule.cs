using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The initial value times <see cref="Gamma"/> to the power of the progress.</summary>
internal sealed record ExponentialSchedule : Schedule
{
    /// <summary>The factor of one epoch or iteration.</summary>
    internal required double Gamma { get; init; }

    /// <summary>From a config's schedule.</summary>
    internal static ExponentialSchedule FromConfig(ConfigReader reader) => new() { Gamma = reader.Float("gamma") };

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position) =>
        initial * Math.Pow(Gamma, position.Progress(ByEpoch).Done);
}
