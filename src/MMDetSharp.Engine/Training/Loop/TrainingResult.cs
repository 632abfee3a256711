namespace MMDetSharp.Engine.Training.Loop;

/// <summary>How a training ended.</summary>
public sealed record TrainingResult
{
    /// <summary>Epochs finished, from the very first.</summary>
    public required int Epochs { get; init; }

    /// <summary>Iterations finished, from the very first.</summary>
    public required long Iterations { get; init; }

    /// <summary>Whether it was stopped before its end.</summary>
    public required bool IsInterrupted { get; init; }

    /// <summary>The newest checkpoint, or null when none was written.</summary>
    public string? LastCheckpoint { get; init; }

    /// <summary>The checkpoint that evaluated best, when that was asked for.</summary>
    public string? BestCheckpoint { get; init; }

    /// <summary>The numbers of the last evaluation; empty when there was none.</summary>
    public IReadOnlyDictionary<string, object> LastEvaluation { get; init; } = new Dictionary<string, object>();

    /// <summary>The folder of checkpoints and logs.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The log with one JSON object a line, or null when there was no logger.</summary>
    public string? JsonLog { get; init; }
}
