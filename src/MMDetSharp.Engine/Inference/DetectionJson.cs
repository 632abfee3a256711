using System.Text.Json;

using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Engine.Inference;

/// <summary>
/// Detections as JSON: a list of <c>{file, width, height, detections: [{bbox: [x1, y1, x2, y2], score, label, class}]}</c>,
/// in pixels of the original images.
/// </summary>
public static class DetectionJson
{
    private static readonly JsonWriterOptions s_layout = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a file, in one step.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="results">One per image.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<ImageDetections> results) =>
        AtomicFile.Write(path, stream => Write(stream, results));

    /// <summary>Writes the detections as JSON to a stream.</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="results">One per image.</param>
    public static void Write(Stream stream, IEnumerable<ImageDetections> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        using var writer = new Utf8JsonWriter(stream, s_layout);
        writer.WriteStartArray();
        foreach (var result in results)
        {
            Write(writer, result);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ImageDetections result)
    {
        writer.WriteStartObject();
        writer.WriteString("file", result.FileName);
        writer.WriteNumber("width", result.Width);
        writer.WriteNumber("height", result.Height);
        writer.WriteStartArray("detections");
        foreach (var found in result.Objects)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("bbox");
            writer.WriteNumberValue(found.X1);
            writer.WriteNumberValue(found.Y1);
            writer.WriteNumberValue(found.X2);
            writer.WriteNumberValue(found.Y2);
            writer.WriteEndArray();
            writer.WriteNumber("score", found.Score);
            writer.WriteNumber("label", found.Label);
            writer.WriteString("class", found.ClassName);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
