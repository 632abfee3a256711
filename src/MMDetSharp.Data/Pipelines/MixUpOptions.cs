namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="MixUp"/> does; names and defaults are MMDetection's.</summary>
public sealed record MixUpOptions
{
    /// <summary>Height that the other picture is fitted into.</summary>
    public int Height { get; init; } = 640;

    /// <summary>Width that the other picture is fitted into.</summary>
    public int Width { get; init; } = 640;

    /// <summary>The other picture is scaled once more, by a factor of this range.</summary>
    public (double Low, double High) RatioRange { get; init; } = (0.5, 1.5);

    /// <summary>How likely the other picture is mirrored.</summary>
    public double FlipRatio { get; init; } = 0.5;

    /// <summary>What fills the other picture's margins.</summary>
    public double Fill { get; init; } = 114;

    /// <summary>How often another picture is drawn in search of one with an object.</summary>
    public int MaxDraws { get; init; } = 15;

    /// <summary>Whether boxes are cut at the border.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>Which boxes of the other picture are worth keeping; null for all that are on the picture.</summary>
    public BoxFilter? Filter { get; init; }
}
