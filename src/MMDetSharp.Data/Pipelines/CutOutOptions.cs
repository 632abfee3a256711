namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="CutOut"/> covers.</summary>
public sealed record CutOutOptions
{
    /// <summary>Least rectangles.</summary>
    public int MinHoles { get; init; } = 1;

    /// <summary>Most rectangles.</summary>
    public int MaxHoles { get; init; } = 1;

    /// <summary>Sizes to draw from, in pixels.</summary>
    public IReadOnlyList<(int Width, int Height)> Shapes { get; init; } = [];

    /// <summary>Sizes to draw from, as shares of the picture's sides.</summary>
    public IReadOnlyList<(double Width, double Height)> Ratios { get; init; } = [];

    /// <summary>(C): the colour.</summary>
    public IReadOnlyList<double> Fill { get; init; } = [0, 0, 0];
}
