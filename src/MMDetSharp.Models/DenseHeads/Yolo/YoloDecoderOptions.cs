using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>How maps become objects: the reference's <c>test_cfg</c>.</summary>
public sealed record YoloDecoderOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Only anchors of at least this objectness go on: <c>conf_thr</c>.</summary>
    public double ObjectnessThreshold { get; init; } = -1;

    /// <summary>At most so many of a level, those of the highest objectness, go on; 0 or less: all.</summary>
    public int CandidatesPerLevel { get; init; } = -1;

    /// <summary>How their scores become objects.</summary>
    public MulticlassNmsOptions Nms { get; init; } = new();
}
