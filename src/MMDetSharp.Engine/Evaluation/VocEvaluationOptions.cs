namespace MMDetSharp.Engine.Evaluation;

/// <summary>The settings of the VOC protocol.</summary>
public sealed record VocEvaluationOptions
{
    /// <summary>Overlap from which a detection is a match.</summary>
    public double IoUThreshold { get; init; } = 0.5;

    /// <summary>The variant.</summary>
    public VocProtocol Protocol { get; init; } = VocProtocol.Area;

    /// <summary>Sizes that are evaluated separately; none: all sizes together.</summary>
    public IReadOnlyList<ScaleRange> ScaleRanges { get; init; } = [];
}
