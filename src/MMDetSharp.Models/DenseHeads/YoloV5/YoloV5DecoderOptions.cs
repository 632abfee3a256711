using MMDetSharp.Core.Registry;
using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// How YOLOv5's output becomes objects: its <c>non_max_suppression</c>, with the defaults of detect.py.
/// </summary>
public sealed record YoloV5DecoderOptions
{
    /// <summary>Objectness, and objectness times class, must be above this: <c>conf_thres</c>.</summary>
    public double ScoreThreshold { get; init; } = 0.25;

    /// <summary>A box is suppressed that overlaps a better one of its class by more than this IoU: <c>iou_thres</c>.</summary>
    public double IoUThreshold { get; init; } = 0.45;

    /// <summary>Whether a box may have several classes; else its best one counts.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Whether boxes of different classes are compared as well: <c>agnostic</c>.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>The top-k boxes that NMS compares: <c>max_nms</c>.</summary>
    public int MaxCandidates { get; init; } = 30000;

    /// <summary>The top-k objects that are kept: <c>max_det</c>.</summary>
    public int MaxPerImage { get; init; } = 1000;

    /// <summary>Reads thresholds, <c>nms</c> and top-k of a <c>test_cfg</c>.</summary>
    internal static YoloV5DecoderOptions FromConfig(ConfigReader test)
    {
        var defaults = new YoloV5DecoderOptions();
        var nms = test.NodeOrNull("nms") is { } node ? NmsOptions.FromConfig(node) : null;
        return defaults with
        {
            ScoreThreshold = test.Fraction("score_thr", defaults.ScoreThreshold),
            IoUThreshold = nms?.IoUThreshold ?? defaults.IoUThreshold,
            ClassAgnostic = nms?.ClassAgnostic ?? false,
            MultiLabel = test.Bool("multi_label", defaults.MultiLabel),
            MaxCandidates = test.Positive("nms_pre", defaults.MaxCandidates),
            MaxPerImage = test.Int("max_per_img", defaults.MaxPerImage),
        };
    }
}
