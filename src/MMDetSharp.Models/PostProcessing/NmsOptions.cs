using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>How boxes of one class suppress each other where they overlap.</summary>
public sealed record NmsOptions
{
    /// <summary>What happens to a box that overlaps a better one.</summary>
    public NmsMethod Method { get; init; }

    /// <summary>The IoU above which a box is suppressed, or its score decays.</summary>
    public double IoUThreshold { get; init; } = 0.5;

    /// <summary>The width of the Gaussian of <see cref="NmsMethod.SoftGaussian"/>.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>Soft-NMS drops boxes whose score falls below.</summary>
    public double MinScore { get; init; } = 1e-3;

    /// <summary>Added to widths and heights: 1 where x2 and y2 are the last pixels inside.</summary>
    public int Offset { get; init; }

    /// <summary>From this number of boxes on, NMS runs class by class.</summary>
    public int SplitThreshold { get; init; } = 10000;

    /// <summary>Whether boxes of different classes suppress each other.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>Reads <c>dict(type='nms', iou_threshold=0.5)</c> or <c>dict(type='soft_nms', ...)</c>.</summary>
    internal static NmsOptions FromConfig(ConfigReader node)
    {
        var soft = node.ChoiceOr("type", "nms", "nms", "soft_nms") == "soft_nms";
        var defaults = new NmsOptions { IoUThreshold = soft ? 0.3 : 0.5 };
        var threshold = node.Has("iou_thr") ? "iou_thr" : "iou_threshold";
        var options = defaults with
        {
            Method = soft ? SoftMethod(node) : NmsMethod.Greedy,
            IoUThreshold = soft
                ? node.Fraction(threshold, defaults.IoUThreshold)
                : node.Fraction(threshold),
            Sigma = soft ? node.Positive("sigma", defaults.Sigma) : defaults.Sigma,
            MinScore = soft ? node.NotNegative("min_score", defaults.MinScore) : defaults.MinScore,
            Offset = node.NotNegative("offset", 0),
            SplitThreshold = node.Int("split_thr", defaults.SplitThreshold),
            ClassAgnostic = node.Bool("class_agnostic", false),
        };
        node.Done();
        return options;
    }

    private static NmsMethod SoftMethod(ConfigReader node) =>
        node.ChoiceOr("method", "linear", "linear", "gaussian", "naive") switch
        {
            "linear" => NmsMethod.SoftLinear,
            "gaussian" => NmsMethod.SoftGaussian,
            _ => NmsMethod.SoftNaive,
        };
}
