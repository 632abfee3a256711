using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.YoloV5;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>What YOLO networks are trained by, by its names in configs; each is made for the network's levels.</summary>
internal static class YoloCriterionTable
{
    /// <summary>Config name to the function that reads its node, given the levels' anchors and strides.</summary>
    internal static ContextRegistry<ICriterion, IReadOnlyList<YoloLevel>> Criteria { get; } = new("YOLO loss", new()
    {
        ["YOLOv5Loss"] = YoloV5,
    });

    // Named as in YOLOv5's hyper-parameter files.
    private static YoloV5Criterion YoloV5(ConfigReader reader, IReadOnlyList<YoloLevel> levels)
    {
        var standard = new YoloV5LossOptions();
        var options = standard with
        {
            AnchorThreshold = reader.Positive("anchor_t", standard.AnchorThreshold),
            BoxGain = reader.NotNegative("box", standard.BoxGain),
            ObjectnessGain = reader.NotNegative("obj", standard.ObjectnessGain),
            ClassGain = reader.NotNegative("cls", standard.ClassGain),
            ObjectnessPositiveWeight = reader.NotNegative("obj_pw", standard.ObjectnessPositiveWeight),
            ClassPositiveWeight = reader.NotNegative("cls_pw", standard.ClassPositiveWeight),
            LabelSmoothing = reader.Fraction("label_smoothing", standard.LabelSmoothing),
            FocalGamma = reader.NotNegative("fl_gamma", standard.FocalGamma),
            OverlapRatio = reader.Fraction("gr", standard.OverlapRatio),
            Balance = reader.FloatsOrNull("balance"),
            ImageSize = reader.Bool("scale_gains", true) ? reader.Positive("img_size", standard.ImageSize!.Value) : null,
        };
        return new YoloV5Criterion(levels, options);
    }
}
