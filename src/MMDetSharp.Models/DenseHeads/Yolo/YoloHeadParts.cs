using MMDetSharp.Models.Anchors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>What a <see cref="YoloDenseHead"/> is composed of, besides its network.</summary>
public sealed record YoloHeadParts
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Makes the anchors; one level per map.</summary>
    public required YoloAnchorGenerator Anchors { get; init; }

    /// <summary>Chooses targets and measures; null for a head that is not trained.</summary>
    public IYoloCriterion? Criterion { get; init; }

    /// <summary>Maps to boxes; null for a head that does not detect.</summary>
    public YoloDecoder? Decoder { get; init; }
}
