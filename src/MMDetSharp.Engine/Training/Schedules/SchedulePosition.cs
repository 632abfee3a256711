namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>How far a training has come: what was finished, and how much there is in all.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Iteration">Iterations finished, over all epochs.</param>
/// <param name="MaxEpochs">Epochs of the whole training.</param>
/// <param name="MaxIterations">Iterations of the whole training.</param>
internal readonly record struct SchedulePosition(long Epoch, long Iteration, long MaxEpochs, long MaxIterations)
{
    /// <summary>Iterations of one epoch.</summary>
    internal long EpochLength => MaxEpochs == 0 ? 0 : MaxIterations / MaxEpochs;

    /// <summary>The part of the training that a schedule counts by.</summary>
    internal (long Done, long All) Progress(bool byEpoch) =>
        byEpoch ? (Epoch, MaxEpochs) : (Iteration, MaxIterations);
}
