namespace MMDetSharp.Data.Datasets.Shapes;

/// <summary>The size and the seed of a set of drawn shapes.</summary>
public sealed record ShapesOptions
{
    /// <summary>Pictures to train on, at least 1.</summary>
    public int TrainImages { get; init; } = 400;

    /// <summary>Pictures to evaluate on, at least 1.</summary>
    public int ValImages { get; init; } = 100;

    /// <summary>Height and width in pixels, at least 64.</summary>
    public int Side { get; init; } = 128;

    /// <summary>The most shapes in one picture, at least 1.</summary>
    public int MaxShapes { get; init; } = 4;

    /// <summary>Equal seeds give equal files.</summary>
    public long Seed { get; init; } = 20200901;
}
