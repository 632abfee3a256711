using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Cli;

/// <summary>Pictures with what was found on them.</summary>
internal static class Painting
{
    /// <summary>Writes a painted copy.</summary>
    /// <param name="picture">The original; borrowed.</param>
    /// <param name="result">What was found on it.</param>
    /// <param name="painter">How it is painted.</param>
    /// <param name="target">The file to write.</param>
    internal static void Write(Image picture, DetectionResult result, DetectionPainter painter, string target)
    {
        var boxes = result.Objects
            .Select(found => new PaintedBox(found.X1, found.Y1, found.X2, found.Y2, found.Label, found.Score))
            .ToList();
        using var painted = painter.Paint(picture, boxes);
        ImageFile.Write(painted, target);
    }
}
