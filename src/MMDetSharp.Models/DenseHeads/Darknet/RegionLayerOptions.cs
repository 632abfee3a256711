namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// What a <c>[region]</c> section of a Darknet cfg says of detecting (parser.c, parse_region).
/// Redmon and Farhadi, "YOLO9000" (YOLOv2), arXiv:1612.08242.
/// </summary>
internal sealed record RegionLayerOptions
{
    /// <summary>The number of classes, K.</summary>
    internal required int Classes { get; init; }

    /// <summary>(A) widths and heights of the anchors, in cells of the map.</summary>
    internal required IReadOnlyList<(float Width, float Height)> Anchors { get; init; }

    /// <summary>Whether classes exclude each other; otherwise the map holds their probabilities themselves.</summary>
    internal bool Softmax { get; init; }

    /// <summary>-1: boxes that are more likely no object than one are left out.</summary>
    internal int ClassFix { get; init; }
}
