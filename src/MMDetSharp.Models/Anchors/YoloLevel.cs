namespace MMDetSharp.Models.Anchors;

/// <summary>One output map of a YOLO network: how far apart its cells stand and which box shapes they start from.</summary>
public sealed record YoloLevel
{
    /// <summary>(A) widths and heights, in pixels of the network's input.</summary>
    public required IReadOnlyList<(float Width, float Height)> Anchors { get; init; }

    /// <summary>From one cell to the next, in pixels of the network's input.</summary>
    public required int Stride { get; init; }
}
