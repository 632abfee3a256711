using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Engine.Inference;

/// <summary>The objects found in one picture, the surest first.</summary>
public sealed record DetectionResult
{
    /// <summary>The picture's file, or the name that was given with its pixels.</summary>
    public required string FileName { get; init; }

    /// <summary>Width of the original picture in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the original picture in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The objects, by descending score.</summary>
    public required IReadOnlyList<DetectedObject> Objects { get; init; }

    /// <summary>The objects that reach a score.</summary>
    /// <param name="score">The least score.</param>
    public IEnumerable<DetectedObject> AtLeast(double score) => Objects.Where(found => found.Score >= score);

    /// <summary>Gives plain numbers their class names, and sorts them.</summary>
    internal static IReadOnlyList<DetectedObject> Name(ImageDetections found, IReadOnlyList<string> classes) =>
    [
        .. Enumerable.Range(0, found.Count)
            .Select(i => new DetectedObject(
                found.Boxes[i * 4],
                found.Boxes[(i * 4) + 1],
                found.Boxes[(i * 4) + 2],
                found.Boxes[(i * 4) + 3],
                found.Scores[i],
                (int)found.Labels[i],
                classes[(int)found.Labels[i]]))
            .OrderByDescending(one => one.Score), // stable
    ];
}
