using MMDetSharp.Core.Structures;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>Refuses detections that cannot be compared with a data set.</summary>
internal static class DetectionCheck
{
    /// <summary>Lengths must fit each other, and labels must be of known classes.</summary>
    /// <param name="found">The detections of one image.</param>
    /// <param name="image">The index of their image, for the message.</param>
    /// <param name="classes">The data set's classes.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    internal static void Require(ImageDetections found, int image, int classes)
    {
        if (found.Boxes.Length != found.Count * 4 || found.Labels.Length != found.Count)
        {
            throw new ArgumentException(
                $"Evaluate: image {image}: must have 4 coordinates and a label for each of {found.Count} scores, got "
                + $"{found.Boxes.Length} and {found.Labels.Length}.");
        }

        foreach (var label in found.Labels)
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
