namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>How <see cref="YoloTargets"/> writes classes.</summary>
public sealed record YoloTargetOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>
    /// How much of an object's class is spread over all classes: the reference's <c>one_hot_smoother</c>.
    /// </summary>
    public double LabelSmoothing { get; init; }
}
