namespace MMDetSharp.Engine.Evaluation;

/// <summary>What matching found: for each area range and detection, a bit for each IoU threshold.</summary>
/// <remarks>A detection in neither mask is ignored: it matched an ignored object, or has another size.</remarks>
internal sealed class CocoMatches(int areas, int detections)
{
    internal ulong[][] TruePositives { get; } = Make(areas, detections);

    internal ulong[][] FalsePositives { get; } = Make(areas, detections);

    private static ulong[][] Make(int areas, int detections) =>
        [.. Enumerable.Range(0, areas).Select(_ => new ulong[detections])];
}
