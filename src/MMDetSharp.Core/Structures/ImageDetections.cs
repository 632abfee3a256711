namespace MMDetSharp.Core.Structures;

/// <summary>The objects found in one image, as plain numbers: what is predicted, evaluated, painted and written.</summary>
/// <param name="Boxes">(D, 4) row-major xyxy in pixels of the original image.</param>
/// <param name="Scores">(D), usually 0 to 1.</param>
/// <param name="Labels">(D), 0 to K - 1; all 0 for proposals.</param>
public sealed record ImageDetections(float[] Boxes, float[] Scores, long[] Labels)
{
    /// <summary>No detections: D is 0.</summary>
    public static ImageDetections None { get; } = new([], [], []);

    /// <summary>The image's file, or the name that was given with its pixels; empty where only numbers count.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Width of the original image in pixels; 0 where only numbers count.</summary>
    public int Width { get; init; }

    /// <summary>Height of the original image in pixels; 0 where only numbers count.</summary>
    public int Height { get; init; }

    /// <summary>(K): the names of the classes; empty where only numbers count.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The number of detections, D.</summary>
    public int Count => Scores.Length;

    /// <summary>The objects one by one with their class names, by descending score.</summary>
    public IReadOnlyList<DetectedObject> Objects =>
        [.. Enumerable.Range(0, Count).Select(At).OrderByDescending(one => one.Score)]; // stable

    /// <summary>Copies the values out of a model's tensors; waits for the device.</summary>
    /// <param name="detections">Of one image; borrowed.</param>
    public static ImageDetections From(Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        return new ImageDetections(
            detections.Boxes.ToArray(), detections.Scores.ToArray(), detections.Labels.ToInt64Array());
    }

    /// <summary>The same with the image's name and size, and the names of the classes.</summary>
    /// <param name="info">Name and original size of the image.</param>
    /// <param name="classes">(K) class names, in the order of the labels.</param>
    public ImageDetections Of(ImageInfo info, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(info);
        return this with
        {
            FileName = info.FileName,
            Width = info.OriginalShape.Width,
            Height = info.OriginalShape.Height,
            Classes = classes,
        };
    }

    /// <summary>The objects that reach a score, by descending score.</summary>
    /// <param name="score">The least score.</param>
    public IEnumerable<DetectedObject> AtLeast(double score) => Objects.Where(found => found.Score >= score);

    /// <summary>The same without the objects below a score.</summary>
    /// <param name="score">The least score.</param>
    public ImageDetections Above(double score)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => Scores[i] >= score)];
        return this with
        {
            Boxes = [.. kept.SelectMany(i => Boxes.AsSpan(i * 4, 4).ToArray())],
            Scores = [.. kept.Select(i => Scores[i])],
            Labels = [.. kept.Select(i => Labels[i])],
        };
    }

    private DetectedObject At(int i)
    {
        var box = Boxes.AsSpan(i * 4, 4);
        var label = (int)Labels[i];
        var name = label < Classes.Count ? Classes[label] : $"class {label}";
        return new(box[0], box[1], box[2], box[3], Scores[i], label, name);
    }
}
