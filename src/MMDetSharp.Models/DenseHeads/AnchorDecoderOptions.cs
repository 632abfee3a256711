using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>How maps become objects: the reference's <c>test_cfg</c>.</summary>
public sealed record AnchorDecoderOptions
{
    /// <summary>At most so many anchors of a level, those with the highest scores, go on; 0 or less: all.</summary>
    public int CandidatesPerLevel { get; init; } = -1;

    /// <summary>How their scores become objects.</summary>
    public MulticlassNmsOptions Nms { get; init; } = new();
}
