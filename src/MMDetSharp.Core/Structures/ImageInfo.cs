namespace MMDetSharp.Core.Structures;

/// <summary>What happened to one image on its way into a batch; the reference's <c>img_meta</c>.</summary>
public sealed record ImageInfo
{
    /// <summary>The path that the image was read from.</summary>
    public required string FileName { get; init; }

    /// <summary>The file name as the annotation file writes it.</summary>
    public string OriginalFileName { get; init; } = "";

    /// <summary>The image as it was read.</summary>
    public required ImageShape OriginalShape { get; init; }

    /// <summary>After resizing and cropping, before padding: boxes end here.</summary>
    public required ImageShape ImageShape { get; init; }

    /// <summary>After the pipeline's padding. The batch may be padded further.</summary>
    public required ImageShape PadShape { get; init; }

    /// <summary>(4): by what x1, y1, x2, y2 of the original image were multiplied: (w, h, w, h).</summary>
    public float[] ScaleFactor { get; init; } = [1, 1, 1, 1];

    /// <summary>How the image was mirrored after resizing.</summary>
    public FlipDirection FlipDirection { get; init; }

    /// <summary>Whether the image was mirrored.</summary>
    public bool Flip => FlipDirection != FlipDirection.None;

    /// <summary>(4): where the image lies in one padded on all sides: top, bottom, left, right. Null elsewhere.</summary>
    public float[]? Border { get; init; }

    /// <summary>(4): pixels added at top, bottom, left and right by letterboxing. Null elsewhere.</summary>
    public float[]? PadParameters { get; init; }

    /// <summary>How the pixel values were normalised.</summary>
    public NormConfig NormConfig { get; init; } = NormConfig.Identity;
}
