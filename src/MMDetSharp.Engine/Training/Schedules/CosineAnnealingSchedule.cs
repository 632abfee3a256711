namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Half a cosine from the initial value to <see cref="End"/> (SGDR, arXiv 1608.03983, section 3, one period).</summary>
/// <remarks>With <see cref="FlatPart"/> the value stays first, and the cosine fills the rest.</remarks>
internal sealed record CosineAnnealingSchedule : Schedule
{
    /// <summary>The value at the end.</summary>
    internal required ScheduleEnd End { get; init; }

    /// <summary>The part of the training, 0 to 1, in which the value does not fall yet.</summary>
    internal double FlatPart { get; init; }

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
