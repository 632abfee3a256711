using System.Diagnostics;

using MMDetSharp.Engine.Progress;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>How fast a run of a training goes, and how long it will take.</summary>
/// <param name="firstIteration">Iterations finished before this run.</param>
internal sealed class RunClock(long firstIteration)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Iterations finished before this run.</summary>
    internal long FirstIteration => firstIteration;

    /// <summary>How far a runner's phase has come.</summary>
    internal ProgressReport Report(Runner runner, double? loss)
    {
        var isTraining = runner.Mode == RunMode.Train;
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds / Math.Max(1, runner.StepsDone - firstIteration);
        return new()
        {
            Task = isTraining ? "train" : "val",
            Epoch = Math.Min(isTraining ? runner.Epoch + 1 : runner.Epoch, runner.MaxEpochs),
            MaxEpochs = runner.MaxEpochs,
            Done = runner.InnerIteration + 1,
            Total = runner.EpochLength,
            Loss = loss,
            LearningRate = runner.Optimizer.Groups[0].LearningRate,
            ImagesPerSecond = isTraining ? runner.ImagesPerIteration / seconds : 0,
            Left = TimeSpan.FromSeconds(seconds * (runner.MaxIterations - runner.StepsDone)),
        };
    }
}
