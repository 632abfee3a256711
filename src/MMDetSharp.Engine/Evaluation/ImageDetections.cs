using MMDetSharp.Core.Structures;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The objects found in one image, as plain numbers: what evaluation and result files take.</summary>
/// <param name="Boxes">(D, 4) row-major xyxy in pixels of the original picture.</param>
/// <param name="Scores">(D), usually 0 to 1.</param>
/// <param name="Labels">(D), 0 to K - 1; all 0 for proposals.</param>
public sealed record ImageDetections(float[] Boxes, float[] Scores, long[] Labels)
{
    /// <summary>Nothing found.</summary>
    public static ImageDetections None { get; } = new([], [], []);

    /// <summary>D.</summary>
    public int Count => Scores.Length;

    /// <summary>Copies the values out of a model's tensors; waits for the device.</summary>
    /// <param name="detections">Borrowed.</param>
    public static ImageDetections From(Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        return new ImageDetections(
            detections.Boxes.ToArray(), detections.Scores.ToArray(), detections.Labels.ToInt64Array());
    }

    /// <summary>Lengths that fit each other, and labels of known classes.</summary>
    internal void Check(int image, int classes)
    {
        if (Boxes.Length != Count * 4 || Labels.Length != Count)
        {
            throw new ArgumentException(
                $"Evaluate: image {image}: must have 4 coordinates and a label for each of {Count} scores, got "
                + $"{Boxes.Length} and {Labels.Length}.");
        }

        foreach (var label in Labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException(
                    $"Evaluate: image {image}: labels must be in 0 to {classes - 1}, the data set's classes, found "
                    + $"{label}. Set num_classes of the model and classes of the data set to fit each other.");
            }
        }
    }
}
