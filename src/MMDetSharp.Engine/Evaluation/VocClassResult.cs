namespace MMDetSharp.Engine.Evaluation;

/// <summary>
/// What the VOC protocol found for one class; lists have one entry for each scale range, or one in all.
/// </summary>
public sealed record VocClassResult
{
    /// <summary>How many objects there are to find: without difficult ones.</summary>
    public required IReadOnlyList<int> Objects { get; init; }

    /// <summary>How many detections there are.</summary>
    public required int Detections { get; init; }

    /// <summary>The largest recall; 0 without a detection.</summary>
    public required IReadOnlyList<double> Recall { get; init; }

    /// <summary>In [0, 1]; 0 without an object.</summary>
    public required IReadOnlyList<double> AveragePrecision { get; init; }
}
