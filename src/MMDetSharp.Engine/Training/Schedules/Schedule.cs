using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>A curve over the training that a learning rate or a momentum follows, apart from its warm-up.</summary>
/// <remarks>A pure function of the position, so that a resumed training follows the same curve.</remarks>
internal abstract record Schedule
{
    /// <summary>Whether the value changes from epoch to epoch, or else from iteration to iteration.</summary>
    internal bool ByEpoch { get; init; } = true;

    /// <summary>The value at a position.</summary>
    /// <param name="initial">The value that the optimizer was made with.</param>
    /// <param name="position">How far the training has come.</param>
    internal abstract double At(double initial, SchedulePosition position);

    /// <summary>Half a cosine: <paramref name="start"/> at fraction 0, <paramref name="end"/> at fraction 1.</summary>
    /// <param name="start">The first value.</param>
    /// <param name="end">The last value.</param>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="weight">The part of the height that is used.</param>
    protected static double Cosine(double start, double end, double fraction, double weight = 1) =>
        end + (0.5 * weight * (start - end) * (Math.Cos(Math.PI * fraction) + 1));
}

/// <summary>How far a training has come: what was finished, and how much there is in all.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Iteration">Iterations finished, over all epochs.</param>
/// <param name="MaxEpochs">Epochs of the whole training.</param>
/// <param name="MaxIterations">Iterations of the whole training.</param>
internal readonly record struct SchedulePosition(long Epoch, long Iteration, long MaxEpochs, long MaxIterations)
{
    /// <summary>Where a training is now.</summary>
    internal static SchedulePosition Of(Runner runner) =>
        new(runner.Epoch, runner.Iteration, runner.MaxEpochs, runner.MaxIterations);

    /// <summary>Iterations of one epoch.</summary>
    internal long EpochLength => MaxEpochs == 0 ? 0 : MaxIterations / MaxEpochs;

    /// <summary>The part of the training that a schedule counts by.</summary>
    internal (long Done, long All) Progress(bool byEpoch) =>
        byEpoch ? (Epoch, MaxEpochs) : (Iteration, MaxIterations);
}
