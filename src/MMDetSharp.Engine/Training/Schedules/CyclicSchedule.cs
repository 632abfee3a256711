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
