using System.Runtime.InteropServices;
using System.Text.Json;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Data.Datasets;

/// <summary>The detections of many images in COCO's result format, in the order they were added.</summary>
/// <remarks>Format: https://cocodataset.org/#format-results, "bbox detection". Needs no tensor.</remarks>
public sealed class CocoResults
{
    private readonly List<CocoResult> _rows = [];

    /// <summary>How many detections.</summary>
    public int Count => _rows.Count;

    /// <summary>All detections, in the order they were added. Valid until the next one is added.</summary>
    public ReadOnlySpan<CocoResult> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Adds one detection.</summary>
    /// <param name="result">All its numbers must be finite.</param>
    /// <exception cref="DatasetException">A number is NaN or infinite.</exception>
    public void Add(in CocoResult result)
    {
        if (!double.IsFinite(result.X + result.Y + result.Width + result.Height + result.Score))
        {
            throw new DatasetException(
                $"Results: detection {Count} (image {result.ImageId}): all numbers must be finite, found box "
                + $"({result.X}, {result.Y}, {result.Width}, {result.Height}), score {result.Score}. "
                + "Look for NaN in the model's weights.");
        }

        _rows.Add(result);
    }

    /// <summary>Reads a result file: a list of image_id, category_id, bbox (x, y, width, height) and score.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="DatasetException">
    /// The file is missing, truncated, not JSON, or an entry is incomplete.
    /// </exception>
    public static CocoResults Load(string path)
    {
        var bytes = JsonCursor.ReadFile(path, "Write it with: mmdet test CONFIG CHECKPOINT --out RESULTS.json.");
        var cursor = new JsonCursor(path, bytes.Span);
        try
        {
            var results = new CocoResults();
            cursor.Next();
            cursor.EnterSection("result");
            cursor.BeginArray("the file");
            while (cursor.NextEntry())
            {
                results._rows.Add(ReadResult(ref cursor));
            }

            cursor.EndOfFile();
            return results;
        }
        catch (JsonException e)
        {
            throw cursor.Explain(e);
        }
    }

    /// <summary>Writes a result file, first beside its place, then in one step into it.</summary>
    /// <param name="path">The file to write; its folder is made if missing.</param>
    /// <exception cref="IOException">It cannot be written; an old file of this name is left as it was.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartArray();
            foreach (ref readonly var row in Rows)
            {
                writer.WriteStartObject();
                writer.WriteNumber("image_id"u8, row.ImageId);
                writer.WriteStartArray("bbox"u8);
                writer.WriteNumberValue(row.X);
                writer.WriteNumberValue(row.Y);
                writer.WriteNumberValue(row.Width);
                writer.WriteNumberValue(row.Height);
                writer.WriteEndArray();
                writer.WriteNumber("score"u8, row.Score);
                writer.WriteNumber("category_id"u8, row.CategoryId);
                writer.WriteEndObject();
                if (writer.BytesPending > 1 << 15)
                {
                    writer.Flush();
                }
            }

            writer.WriteEndArray();
        });
    }

    private static CocoResult ReadResult(ref JsonCursor cursor)
    {
        long? imageId = null;
        long? categoryId = null;
        double? score = null;
        (double X, double Y, double Width, double Height)? box = null;
        cursor.BeginObject("a result");
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("image_id"u8))
            {
                imageId = cursor.ReadInteger("image_id");
                cursor.EntryIsOfImage(imageId.Value);
            }
            else if (cursor.NameIs("category_id"u8))
            {
                categoryId = cursor.ReadInteger("category_id");
            }
            else if (cursor.NameIs("bbox"u8))
            {
                box = cursor.ReadBox();
            }
            else if (cursor.NameIs("score"u8))
            {
                score = cursor.ReadNumber("score");
            }
            else
            {
                cursor.SkipValue();
            }
        }

        var (x, y, width, height) = box ?? throw Lacks(ref cursor, "bbox");
        return new CocoResult(
            imageId ?? throw Lacks(ref cursor, "image_id"),
            categoryId ?? throw Lacks(ref cursor, "category_id"),
            score ?? throw Lacks(ref cursor, "score"))
        {
            X = x,
            Y = y,
            Width = width,
            Height = height,
        };
    }

    private static DatasetException Lacks(ref JsonCursor cursor, string what) =>
        cursor.Error($"'{what}' is required, and missing", "Give a result file of COCO's format (bbox).");
}
