using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>How YOLOv5 assigns targets and weighs its losses; names and defaults are its hyper-parameter files'.</summary>
public sealed record YoloV5LossOptions
{
    /// <summary>An anchor learns an object whose sides are less than so many times as long or as short: <c>anchor_t</c>.</summary>
    public double AnchorThreshold { get; init; } = 4;

    /// <summary>A cell's neighbour learns an object too whose centre is nearer to it than this part of a cell.</summary>
    public double NeighbourDistance { get; init; } = 0.5;

    /// <summary>The factor of the loss of boxes: <c>box</c>.</summary>
    public double BoxGain { get; init; } = 0.05;

    /// <summary>The factor of the loss of objectness: <c>obj</c>.</summary>
    public double ObjectnessGain { get; init; } = 1;

    /// <summary>The factor of the loss of classes: <c>cls</c>.</summary>
    public double ClassGain { get; init; } = 0.5;

    /// <summary>The factor of objects in the loss of objectness: <c>obj_pw</c>.</summary>
    public double ObjectnessPositiveWeight { get; init; } = 1;

    /// <summary>The factor of the true class in the loss of classes: <c>cls_pw</c>.</summary>
    public double ClassPositiveWeight { get; init; } = 1;

    /// <summary>How much of the classes' targets is spread: 1 - s / 2 and s / 2 (arXiv:1902.04103, equation 3).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The exponent of focal loss on objectness and classes, with alpha 0.25; 0 for plain cross entropy.</summary>
    public double FocalGamma { get; init; }

    /// <summary>The part of the overlap in the target of objectness; what is left of 1 is certain: <c>gr</c>.</summary>
    public double OverlapRatio { get; init; } = 1;

    /// <summary>(L) factors of the levels in the loss of objectness; null for YOLOv5's own, which favour small objects.</summary>
    public IReadOnlyList<double>? Balance { get; init; }

    /// <summary>
    /// The longer side of the images, by which YOLOv5's train.py scales the gains: boxes by 3 / L, classes by
    /// 3 K / (80 L), objectness by 3 / L times (size / 640)^2. Null when the gains are meant as they stand.
    /// </summary>
    public int? ImageSize { get; init; } = 640;

    /// <summary>Reads <c>YOLOv5Loss</c>, whose keys are those of YOLOv5's hyper-parameter files.</summary>
    internal static YoloV5LossOptions FromConfig(ConfigReader reader)
    {
        var standard = new YoloV5LossOptions();
        return standard with
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
    }
}
