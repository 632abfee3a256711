namespace MMDetSharp.Data.Loading;

/// <summary>
/// How a <see cref="RectangularSampler"/> chooses the sizes of batches; the defaults are those of YOLOv5's val.py.
/// </summary>
public sealed record RectangularOptions
{
    /// <summary>Images that share a size. The loader's batches are as large, or a part of it.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The longer side of the pictures, in pixels.</summary>
    public int ImageSize { get; init; } = 640;

    /// <summary>Both sides of a batch are multiples of this: the network's largest stride.</summary>
    public int Stride { get; init; } = 32;

    /// <summary>Added before rounding up, in strides.</summary>
    public double Pad { get; init; } = 0.5;
}
