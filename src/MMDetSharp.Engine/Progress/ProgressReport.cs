namespace MMDetSharp.Engine.Progress;

/// <summary>How far a long task has come.</summary>
public sealed record ProgressReport
{
    /// <summary>What is being done: <c>train</c>, <c>val</c>, <c>test</c>.</summary>
    public required string Task { get; init; }

    /// <summary>The epoch that runs, from 1; 0 where there are none.</summary>
    public int Epoch { get; init; }

    /// <summary>Epochs in all.</summary>
    public int MaxEpochs { get; init; }

    /// <summary>Steps done of this epoch or task: iterations, or images.</summary>
    public required long Done { get; init; }

    /// <summary>Steps of this epoch or task.</summary>
    public required long Total { get; init; }

    /// <summary>Speed in images per second; 0 when it is not known yet.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>The loss of late, where there is one.</summary>
    public double? Loss { get; init; }

    /// <summary>The learning rate of the first parameter group, where there is one.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The time until everything is done, when it is known.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Whether this report is to stay on the screen: one each log interval.</summary>
    public bool IsLogged { get; init; }
}
