namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>What a detection layer of a Darknet network says: a <c>[yolo]</c> or a <c>[region]</c> section.</summary>
/// <param name="Classes">The number of classes, K.</param>
/// <param name="Anchors">Anchors of each place, A.</param>
internal sealed record DetectionLayerOptions(int Classes, int Anchors)
{
    /// <summary>The section, where it is a <c>[yolo]</c>; null elsewhere.</summary>
    internal YoloLayerOptions? Yolo { get; init; }

    /// <summary>The section, where it is a <c>[region]</c>; null elsewhere.</summary>
    internal RegionLayerOptions? Region { get; init; }
}
