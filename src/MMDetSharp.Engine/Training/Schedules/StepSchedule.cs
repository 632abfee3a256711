namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The initial value times <see cref="Gamma"/> for each step that was passed.</summary>
internal sealed record StepSchedule : Schedule
{
    /// <summary>The places of the steps, ascending; one with <see cref="Repeats"/> set is a period.</summary>
    internal required IReadOnlyList<long> Steps { get; init; }

    /// <summary>Whether the only step comes again and again.</summary>
    internal bool Repeats { get; init; }

    /// <summary>The factor of one step.</summary>
    internal double Gamma { get; init; } = 0.1;

    /// <summary>The value never falls below this; null for no floor.</summary>
    internal double? Floor { get; init; }

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position)
    {
        var done = position.Progress(ByEpoch).Done;
        var passed = Repeats ? done / Steps[0] : Passed(done);
        var value = initial * Math.Pow(Gamma, passed);
        return Floor is { } floor ? Math.Max(value, floor) : value;
    }

    // As the reference: the first step that was not reached counts, even where later ones are smaller.
    private int Passed(long done)
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (done < Steps[i])
            {
                return i;
            }
        }

        return Steps.Count;
    }
}
