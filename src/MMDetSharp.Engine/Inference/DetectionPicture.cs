using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Engine.Inference;

/// <summary>Pictures with the found objects painted on them.</summary>
public static class DetectionPicture
{
    /// <summary>Paints a result on its picture and writes the file.</summary>
    /// <param name="result">Its <see cref="DetectionResult.FileName"/> is read.</param>
    /// <param name="painter">How to paint.</param>
    /// <param name="path">The file to write; its folder is made where it is missing.</param>
    /// <exception cref="ImageException">The picture cannot be read or written.</exception>
    public static void Save(DetectionResult result, DetectionPainter painter, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(painter);
        using var picture = ImageFile.Read(result.FileName);
        using var painted = painter.Paint(picture, Boxes(result));
        ImageFile.Write(painted, path);
    }

    /// <summary>The objects as the painter takes them.</summary>
    /// <param name="result">What was found.</param>
    public static IReadOnlyList<PaintedBox> Boxes(DetectionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Objects.Select(one => new PaintedBox(one.X1, one.Y1, one.X2, one.Y2, one.Label, one.Score))];
    }
}
