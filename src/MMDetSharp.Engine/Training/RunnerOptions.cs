namespace MMDetSharp.Engine.Training;

/// <summary>What a <see cref="Runner"/> needs to know besides model, optimizer and data.</summary>
public sealed record RunnerOptions
{
    /// <summary>The folder of checkpoints and logs; it is made where it is missing.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Epochs of the whole training, at least 1.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>All random draws follow from it.</summary>
    public int Seed { get; init; }

    /// <summary>The start of the log files' names; the time of day when left out.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Class names, which checkpoints carry.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What checkpoints and logs carry besides: <c>config</c>, <c>env_info</c>, <c>exp_name</c>, <c>seed</c>.</summary>
    public IReadOnlyDictionary<string, object?> Meta { get; init; } = new Dictionary<string, object?>();

    /// <summary>Where people see how far the training has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The command that goes on with an interrupted training, given the checkpoint; shown to people.</summary>
    public Func<string, string>? ResumeCommand { get; init; }
}
