namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="Mosaic"/> does; names and defaults are MMDetection's.</summary>
public sealed record MosaicOptions
{
    /// <summary>Height of a quarter: half the height of the result.</summary>
    public int Height { get; init; } = 640;

    /// <summary>Width of a quarter: half the width of the result.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Where the four pictures meet, in parts of a quarter from the top left.</summary>
    public (double Low, double High) CenterRange { get; init; } = (0.5, 1.5);

    /// <summary>What fills places without a picture.</summary>
    public double Fill { get; init; } = 114;

    /// <summary>How likely a sample becomes a mosaic.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether boxes are cut at the border of the result.</summary>
    public bool ClipBoxes { get; init; } = true;

    /// <summary>With a filter: boxes with a shorter side are dropped. Null for no filter.</summary>
    public double? MinBoxSize { get; init; }
}
