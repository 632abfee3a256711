using MMDetSharp.Models.Anchors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What an <see cref="AnchorHead"/> is composed of, besides its network.</summary>
public sealed record AnchorHeadParts
{
    /// <summary>What the parts agree on.</summary>
    public required AnchorHeadOptions Options { get; init; }

    /// <summary>Makes the anchors.</summary>
    public required IAnchorGenerator Anchors { get; init; }

    /// <summary>Ground truth to targets; null for a head that is not trained.</summary>
    public AnchorTargets? Targets { get; init; }

    /// <summary>Maps and targets to losses.</summary>
    public required AnchorLoss Loss { get; init; }

    /// <summary>Maps to boxes; null for a head that does not detect.</summary>
    public AnchorDecoder? Decoder { get; init; }
}
