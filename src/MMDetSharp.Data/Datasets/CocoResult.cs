namespace MMDetSharp.Data.Datasets;

/// <summary>One detection in COCO's result format.</summary>
/// <param name="ImageId">The image's id in the annotation file.</param>
/// <param name="CategoryId">The category's id in the annotation file; not a label.</param>
/// <param name="Score">Any finite number; higher is surer.</param>
public readonly record struct CocoResult(long ImageId, long CategoryId, double Score)
{
    /// <summary>Left edge in pixels of the original image.</summary>
    public double X { get; init; }

    /// <summary>Upper edge in pixels of the original image.</summary>
    public double Y { get; init; }

    /// <summary>Width of the box in pixels of the original image.</summary>
    public double Width { get; init; }

    /// <summary>Height of the box in pixels of the original image.</summary>
    public double Height { get; init; }
}
