using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads.RetinaNet;

/// <summary>The layers of a <see cref="RetinaHead"/>.</summary>
public sealed record RetinaHeadOptions
{
    /// <summary>Channels of the neck's maps.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels between the layers.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Layers of each of the two branches, before the last one.</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>Anchors per place, A.</summary>
    public required int AnchorsPerPlace { get; init; }

    /// <summary>Scores per anchor, C.</summary>
    public required int ScoreCount { get; init; }

    /// <summary>The norm behind each convolution; null for none, as in the paper.</summary>
    public NormOptions? Norm { get; init; }
}
