namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="Resize"/> does.</summary>
public sealed record ResizeOptions
{
    /// <summary>One scale, or those to draw from. Empty only inside <see cref="MultiScaleFlipAug"/>, which asks for one.</summary>
    public IReadOnlyList<ImageScale> Scales { get; init; } = [];

    /// <summary>How to draw from several scales.</summary>
    public MultiscaleMode MultiscaleMode { get; init; } = MultiscaleMode.Range;

    /// <summary>Draws a factor from this range for the one scale; null for no such factor.</summary>
    public (double Low, double High)? RatioRange { get; init; }

    /// <summary>Whether to keep the ratio of width and height: as large as fits the scale's long and short edge.</summary>
    public bool KeepRatio { get; init; } = true;

    /// <summary>Whether boxes are clipped to the picture.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>Whether a sample that has been resized may be resized again.</summary>
    public bool Override { get; init; }
}
