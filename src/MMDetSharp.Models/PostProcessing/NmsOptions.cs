namespace MMDetSharp.Models.PostProcessing;

/// <summary>How boxes of one class that overlap are thinned out.</summary>
public sealed record NmsOptions
{
    /// <summary>What happens to a box that overlaps a better one.</summary>
    public NmsMethod Method { get; init; }

    /// <summary>From which IoU on it happens.</summary>
    public double IoUThreshold { get; init; } = 0.5;

    /// <summary>The width of the Gaussian of <see cref="NmsMethod.SoftGaussian"/>.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>Soft-NMS drops boxes whose score falls below.</summary>
    public double MinScore { get; init; } = 1e-3;

    /// <summary>Added to widths and heights: 1 where x2 and y2 are the last pixels inside.</summary>
    public int Offset { get; init; }

    /// <summary>From this number of boxes on, classes are thinned out one by one.</summary>
    public int SplitThreshold { get; init; } = 10000;

    /// <summary>Whether boxes of different classes thin each other out.</summary>
    public bool ClassAgnostic { get; init; }
}
