namespace MMDetSharp.Engine.Visualization;

/// <summary>What a <see cref="DetectionPainter"/> shows.</summary>
public sealed record DetectionPainterOptions
{
    /// <summary>Boxes with a lower score are left out; boxes without a score never.</summary>
    public double ScoreThreshold { get; init; } = 0.3;

    /// <summary>Whether labels name the class.</summary>
    public bool ShowClass { get; init; } = true;

    /// <summary>Whether labels give the score.</summary>
    public bool ShowScore { get; init; } = true;

    /// <summary>Whole times that the picture is enlarged first: small pictures have no room for text.</summary>
    public int Zoom { get; init; } = 1;
}
