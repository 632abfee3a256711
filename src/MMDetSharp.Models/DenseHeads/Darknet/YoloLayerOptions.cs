namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// What a <c>[yolo]</c> section of a Darknet cfg says; names and defaults are AlexeyAB's (parser.c, parse_yolo).
/// Redmon and Farhadi, "YOLOv3", arXiv:1804.02767; Bochkovskiy et al., "YOLOv4", arXiv:2004.10934.
/// </summary>
public sealed record YoloLayerOptions
{
    /// <summary>The number of classes, K.</summary>
    public int Classes { get; init; } = 20;

    /// <summary>Widths and heights of the anchors of all layers, in pixels of the network's input.</summary>
    public required IReadOnlyList<(float Width, float Height)> Anchors { get; init; }

    /// <summary>(A) which of <see cref="Anchors"/> are this layer's.</summary>
    public required IReadOnlyList<int> Mask { get; init; }

    /// <summary>How far a centre may leave its cell: x = sigmoid(t) * s - (s - 1) / 2.</summary>
    public double ScaleXY { get; init; } = 1;

    /// <summary>Whether the convolution before has the sigmoids and sizes are (2t)^2 * anchor (scaled YOLOv4).</summary>
    public bool NewCoords { get; init; }

    /// <summary>A prediction that overlaps any object by more than this is no background.</summary>
    public double IgnoreThreshold { get; init; } = 0.5;

    /// <summary>A prediction that overlaps an object by more than this learns it as well; 1 for never.</summary>
    public double TruthThreshold { get; init; } = 1;

    /// <summary>Besides the best anchor, those that overlap an object by more than this learn it; 1 for none.</summary>
    public double IouThreshold { get; init; } = 1;

    /// <summary>The loss of boxes: <c>mse</c>, <c>iou</c>, <c>giou</c>, <c>diou</c> or <c>ciou</c>.</summary>
    public string IouLoss { get; init; } = "mse";

    /// <summary>The factor of the loss of boxes.</summary>
    public double IouNormalizer { get; init; } = 0.75;

    /// <summary>The factor of the loss of objectness.</summary>
    public double ObjectnessNormalizer { get; init; } = 1;

    /// <summary>The factor of the loss of classes.</summary>
    public double ClassNormalizer { get; init; } = 1;

    /// <summary>The largest gradient of one box coordinate; infinite for no limit.</summary>
    public double MaxDelta { get; init; } = double.PositiveInfinity;

    /// <summary>How much of a class's target goes to the other classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the gradient of classes is weighted as in focal loss.</summary>
    public bool FocalLoss { get; init; }

    /// <summary>The non-maximum suppression: <c>default</c>, <c>greedynms</c> or <c>diounms</c>.</summary>
    public string NmsKind { get; init; } = "default";

    /// <summary>The weight of the distance of the centres in <c>diounms</c>.</summary>
    public double BetaNms { get; init; } = 0.6;
}
