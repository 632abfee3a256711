namespace MMDetSharp.Data.Pipelines;

/// <summary>What <see cref="RandomCenterCropPad"/> does.</summary>
public sealed record RandomCenterCropPadOptions
{
    /// <summary>Height of the result before the drawn ratio.</summary>
    public int Height { get; init; }

    /// <summary>Width of the result before the drawn ratio.</summary>
    public int Width { get; init; }

    /// <summary>The ratios to draw from.</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [0.9, 1.0, 1.1];

    /// <summary>How far the centre stays from the picture's edges, in pixels; halved for small pictures.</summary>
    public int Border { get; init; } = 128;

    /// <summary>(C): the colour outside of the picture, in the order of its channels.</summary>
    public required IReadOnlyList<double> Fill { get; init; }

    /// <summary>For testing: nothing is cut, and the sides are padded to a network's sizes. Null for training.</summary>
    public CenterPad? TestPad { get; init; }
}
