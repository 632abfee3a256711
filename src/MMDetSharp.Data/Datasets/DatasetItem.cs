namespace MMDetSharp.Data.Datasets;

/// <summary>What a data set knows of one image before its pixels are read: file, size and annotated boxes.</summary>
/// <remarks>Only numbers: reading the image and making tensors is the pipeline's work.</remarks>
public sealed record DatasetItem
{
    /// <summary>The image's identity as the annotation file writes it: COCO's integer as text, VOC's name.</summary>
    public required string Id { get; init; }

    /// <summary>The file name as the annotation file writes it, relative to the image folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Where the image lies: the data set's image folder joined with <see cref="FileName"/>.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Width of the image in pixels, as annotated.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the image in pixels, as annotated.</summary>
    public required int Height { get; init; }

    /// <summary>(G, 4) row-major xyxy in pixels of the original image.</summary>
    public float[] Boxes { get; init; } = [];

    /// <summary>(G): the class of each box, an index into the data set's class names.</summary>
    public long[] Labels { get; init; } = [];

    /// <summary>
    /// (I, 4) row-major xyxy: crowds, difficult or too small objects. No target, and no false positive.
    /// </summary>
    public float[] IgnoredBoxes { get; init; } = [];

    /// <summary>(I): the class of each ignored box.</summary>
    public long[] IgnoredLabels { get; init; } = [];
}
