namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="LetterResize"/> does.</summary>
public sealed record LetterResizeOptions
{
    /// <summary>Height of the result.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the result.</summary>
    public required int Width { get; init; }

    /// <summary>(C): the margins' colour.</summary>
    public IReadOnlyList<double> Color { get; init; } = [114, 114, 114];

    /// <summary>
    /// Whether margins are cut to what is left over <see cref="Stride"/>: a rectangle, not the full size. In
    /// rectangular batches the batch has its size.
    /// </summary>
    public bool Auto { get; init; } = true;

    /// <summary>The network's largest stride: YOLOv5's is 32, or 64 with four outputs. As the reference: 64.</summary>
    public int Stride { get; init; } = 64;

    /// <summary>Whether the picture is stretched to the whole size; works only without <see cref="Auto"/>.</summary>
    public bool ScaleFill { get; init; }

    /// <summary>Whether a smaller picture is made larger.</summary>
    public bool ScaleUp { get; init; } = true;

    /// <summary>Whether boxes go with the picture, as training needs it; the reference leaves them.</summary>
    public bool MoveBoxes { get; init; }
}
