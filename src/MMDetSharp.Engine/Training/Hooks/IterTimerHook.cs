using System.Diagnostics;

using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Measures how long an iteration takes, and how long it waits for its batch.</summary>
internal sealed class IterTimerHook : Hook
{
    private long _last;

    /// <inheritdoc/>
    public override void BeforeEpoch(Runner runner) => _last = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override void BeforeIteration(Runner runner) => runner.LogBuffer.Update("data_time", Seconds());

    /// <inheritdoc/>
    public override void AfterIteration(Runner runner)
    {
        runner.LogBuffer.Update("time", Seconds());
        _last = Stopwatch.GetTimestamp();
    }

    private double Seconds() => Stopwatch.GetElapsedTime(_last).TotalSeconds;
}
