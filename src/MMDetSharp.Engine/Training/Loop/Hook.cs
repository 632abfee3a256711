using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>Something to be done at certain moments of a training; see <see cref="Runner.RegisterHook"/>.</summary>
/// <remarks>As the reference: the moments of training and validation fall back to the general ones.</remarks>
public abstract class Hook
{
    /// <summary>Before the first epoch, after resuming.</summary>
    public virtual void BeforeRun(Runner runner)
    {
    }

    /// <summary>After the last epoch, or after an interruption.</summary>
    public virtual void AfterRun(Runner runner)
    {
    }

    /// <summary>Before each epoch of training or validation.</summary>
    public virtual void BeforeEpoch(Runner runner)
    {
    }

    /// <summary>After each epoch of training or validation.</summary>
    public virtual void AfterEpoch(Runner runner)
    {
    }

    /// <summary>Before each iteration of training or validation.</summary>
    public virtual void BeforeIteration(Runner runner)
    {
    }

    /// <summary>After each iteration of training or validation.</summary>
    public virtual void AfterIteration(Runner runner)
    {
    }

    /// <summary>Before each epoch of training.</summary>
    public virtual void BeforeTrainEpoch(Runner runner) => BeforeEpoch(runner);

    /// <summary>After each epoch of training; the epoch does not count as finished yet.</summary>
    public virtual void AfterTrainEpoch(Runner runner) => AfterEpoch(runner);

    /// <summary>Before each iteration of training.</summary>
    public virtual void BeforeTrainIteration(Runner runner) => BeforeIteration(runner);

    /// <summary>After the losses of each iteration of training: gradients and the step are hooks too.</summary>
    public virtual void AfterTrainIteration(Runner runner) => AfterIteration(runner);

    /// <summary>Before each epoch of validation.</summary>
    public virtual void BeforeValEpoch(Runner runner) => BeforeEpoch(runner);

    /// <summary>After each epoch of validation.</summary>
    public virtual void AfterValEpoch(Runner runner) => AfterEpoch(runner);

    /// <summary>Before each iteration of validation.</summary>
    public virtual void BeforeValIteration(Runner runner) => BeforeIteration(runner);

    /// <summary>After each iteration of validation.</summary>
    public virtual void AfterValIteration(Runner runner) => AfterIteration(runner);

    /// <summary>The name under which checkpoints hold what the hook remembers; null when it remembers nothing.</summary>
    internal virtual string? StateName => null;

    /// <summary>Readies the model for a checkpoint that is written now.</summary>
    /// <returns>Undoes it; null for nothing.</returns>
    internal virtual IDisposable? Checkpointing() => null;

    /// <summary>What the hook remembers, for a checkpoint.</summary>
    internal virtual StoredDictionary StoreState() => [];

    /// <summary>Takes over what a checkpoint holds, after the model's weights.</summary>
    internal virtual void LoadState(StoredDictionary state, Runner runner)
    {
    }

    /// <summary>Whether a count that is about to grow by one reaches a multiple of an interval.</summary>
    /// <param name="done">Epochs or iterations finished.</param>
    /// <param name="interval">0 or less means never.</param>
    protected static bool IsEvery(long done, long interval) => interval > 0 && (done + 1) % interval == 0;

    /// <summary>Whether this iteration is the last of its epoch.</summary>
    protected static bool IsEndOfEpoch(Runner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        return runner.InnerIteration + 1 == runner.EpochLength;
    }
}
