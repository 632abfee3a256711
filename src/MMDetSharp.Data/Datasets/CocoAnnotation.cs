namespace MMDetSharp.Data.Datasets;

/// <summary>One entry of the <c>annotations</c> list of COCO's format.</summary>
/// <param name="Id">Its number, unique in the file.</param>
/// <param name="ImageId">The image it belongs to.</param>
/// <param name="CategoryId">The category it belongs to.</param>
public readonly record struct CocoAnnotation(long Id, long ImageId, long CategoryId)
{
    /// <summary>Left edge in pixels.</summary>
    public double X { get; init; }

    /// <summary>Upper edge in pixels.</summary>
    public double Y { get; init; }

    /// <summary>Width of the box in pixels.</summary>
    public double Width { get; init; }

    /// <summary>Height of the box in pixels.</summary>
    public double Height { get; init; }

    /// <summary>In square pixels: of the object's mask where the file has masks, else of the box.</summary>
    public double Area { get; init; }

    /// <summary>A region of many objects that nobody separated: never a target, never a false positive.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>Left out of training. The evaluation protocol does not look at it.</summary>
    public bool IsIgnored { get; init; }
}
