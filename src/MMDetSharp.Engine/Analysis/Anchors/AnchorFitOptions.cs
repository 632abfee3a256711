namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>How anchors are fitted to the objects of a data set.</summary>
public sealed record AnchorFitOptions
{
    /// <summary>How many anchors.</summary>
    public int Clusters { get; init; } = 9;

    /// <summary>What makes two sizes alike.</summary>
    public AnchorDistance Distance { get; init; } = AnchorDistance.Whitened;

    /// <summary>Generations of evolution behind the clustering; 0 for none. YOLOv5: 1000.</summary>
    public int Generations { get; init; }

    /// <summary>An anchor finds objects whose sides are at most so many times as long or as short: <c>anchor_t</c>.</summary>
    public double Threshold { get; init; } = 4;

    /// <summary>What the random numbers follow from.</summary>
    public int Seed { get; init; }
}

/// <summary>What makes two sizes alike for clustering.</summary>
public enum AnchorDistance
{
    /// <summary>The difference of widths and heights, each over its deviation: YOLOv5.</summary>
    Whitened,

    /// <summary>1 - IoU: YOLOv2 (Redmon and Farhadi, arXiv:1612.08242, section 2) and Darknet.</summary>
    IoU,
}
