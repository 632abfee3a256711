using MMDetSharp.Core.Registry;
using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Reads what a <c>test_cfg</c> says about thinning out boxes.</summary>
internal static class NmsConfig
{
    /// <summary>Reads <c>score_thr</c>, <c>nms</c> and <c>max_per_img</c>.</summary>
    internal static MulticlassNmsOptions Multiclass(ConfigReader test) => new()
    {
        ScoreThreshold = test.Float("score_thr"),
        Nms = Nms(test.Node("nms")),
        MaxPerImage = test.Int("max_per_img"),
    };

    /// <summary>Reads <c>dict(type='nms', iou_threshold=0.5)</c> or <c>dict(type='soft_nms', ...)</c>.</summary>
    internal static NmsOptions Nms(ConfigReader node)
    {
        var soft = node.ChoiceOr("type", "nms", "nms", "soft_nms") == "soft_nms";
        var defaults = new NmsOptions { IoUThreshold = soft ? 0.3 : 0.5 };
        var older = node.Has("iou_thr");
        var options = defaults with
        {
            Method = soft ? SoftMethod(node) : NmsMethod.Greedy,
            IoUThreshold = soft
                ? node.Float(older ? "iou_thr" : "iou_threshold", defaults.IoUThreshold)
                : node.Float(older ? "iou_thr" : "iou_threshold"),
            Sigma = soft ? node.Float("sigma", defaults.Sigma) : defaults.Sigma,
            MinScore = soft ? node.Float("min_score", defaults.MinScore) : defaults.MinScore,
            Offset = node.Int("offset", 0),
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
