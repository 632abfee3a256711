using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Half a cosine from the initial value to <see cref="End"/> (SGDR, arXiv 1608.03983, section 3, one period).</summary>
/// <remarks>With <see cref="FlatPart"/> the value stays first, and the cosine fills the rest.</remarks>
internal sealed record CosineAnnealingSchedule : Schedule
{
    /// <summary>The value at the end.</summary>
    internal required ScheduleEnd End { get; init; }

    /// <summary>The part of the training, 0 to 1, in which the value does not fall yet.</summary>
    internal double FlatPart { get; init; }

    /// <summary>From a config's schedule.</summary>
    /// <param name="reader">The node <c>lr_config</c> or <c>momentum_config</c>.</param>
    /// <param name="end">The key of the last value: min_lr or min_momentum.</param>
    internal static CosineAnnealingSchedule FromConfig(ConfigReader reader, string end) =>
        new() { End = ScheduleEnd.FromConfig(reader, end) };

    /// <summary>From a config's schedule that is flat first.</summary>
    internal static CosineAnnealingSchedule FromFlat(ConfigReader reader)
    {
        var part = reader.Float("start_percent", 0.75);
        return part is >= 0 and < 1
            ? FromConfig(reader, "min_lr") with { FlatPart = part }
            : throw reader.Error("start_percent", $"must be at least 0 and below 1, got {part}. Correct it.");
    }

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position)
    {
        var (done, all) = position.Progress(ByEpoch);
        var start = (long)Math.Round(all * FlatPart, MidpointRounding.ToEven);
        return done < start
            ? initial
            : Cosine(initial, End.For(initial), (double)(done - start) / (all - start));
    }
}
