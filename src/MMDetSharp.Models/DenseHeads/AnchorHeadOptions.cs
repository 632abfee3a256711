namespace MMDetSharp.Models.DenseHeads;

/// <summary>What targets, loss and decoding of an anchor-based head agree on.</summary>
public sealed record AnchorHeadOptions
{
    /// <summary>The number of classes, K, without background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether each class is scored by its own sigmoid; else a softmax over K + 1, the last one background.</summary>
    public bool SigmoidScores { get; init; } = true;

    /// <summary>Whether the box loss compares boxes instead of encoded ones.</summary>
    public bool CompareBoxes { get; init; }

    /// <summary>Whether only sampled anchors count; else all do, and the positives are the number to average by.</summary>
    public bool Sampling { get; init; }

    /// <summary>Anchors may reach so many pixels over the picture's edge in training; below 0: any number.</summary>
    public double AllowedBorder { get; init; } = -1;

    /// <summary>The weight of a positive anchor's score; 0 or less: 1.</summary>
    public double PositiveWeight { get; init; } = -1;

    /// <summary>Scores per anchor, C: K, or K + 1 with background.</summary>
    public int ScoreCount => SigmoidScores ? ClassCount : ClassCount + 1;
}
