using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>When a logger writes what.</summary>
internal sealed record LoggerOptions
{
    /// <summary>Iterations from line to line.</summary>
    internal int Interval { get; init; } = 10;

    /// <summary>Whether the rest of an epoch that is shorter than <see cref="Interval"/> is left out.</summary>
    internal bool IgnoreLast { get; init; } = true;

    /// <summary>Whether this logger clears what was logged; the last one does in any case.</summary>
    internal bool ResetFlag { get; init; }

    /// <summary>Whether iterations are counted in each epoch, or else over all of them.</summary>
    internal bool ByEpoch { get; init; } = true;

    /// <summary>Iterations from one mention of the experiment's name to the next.</summary>
    internal int ExperimentNameInterval { get; init; } = 1000;
}

/// <summary>Decides when averages are taken and logged.</summary>
internal abstract class LoggerHook(LoggerOptions options) : Hook
{
    private bool _resets = options.ResetFlag;

    /// <summary>Intervals in iterations, and what a log line holds.</summary>
    protected LoggerOptions Options { get; } = options;

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner)
    {
        if (ReferenceEquals(runner.Hooks.OfType<LoggerHook>().LastOrDefault(), this))
        {
            _resets = true;
        }
    }

    /// <inheritdoc/>
    public override void BeforeEpoch(Runner runner) => runner.LogBuffer.Clear();

    /// <inheritdoc/>
    public override void AfterTrainIteration(Runner runner)
    {
        runner.ReadLosses();
        if (IsEvery(Options.ByEpoch ? runner.InnerIteration : runner.Iteration, Options.Interval)
            || (IsEndOfEpoch(runner) && !Options.IgnoreLast))
        {
            // As the reference: a short rest is averaged with the iterations before it, which is more stable.
            runner.LogBuffer.Average(Options.Interval);
        }

        LogIfReady(runner);
    }

    /// <inheritdoc/>
    public override void AfterTrainEpoch(Runner runner) => LogIfReady(runner);

    /// <inheritdoc/>
    public override void AfterValEpoch(Runner runner)
    {
        runner.LogBuffer.Average();
        LogIfReady(runner);
    }

    /// <summary>Writes what the buffer holds.</summary>
    protected abstract void Log(Runner runner);

    private void LogIfReady(Runner runner)
    {
        if (!runner.LogBuffer.IsReady)
        {
            return;
        }

        Log(runner);
        if (_resets)
        {
            runner.LogBuffer.ClearOutput();
        }
    }
}
