namespace MMDetSharp.Core.Structures;

/// <summary>How an image was mirrored.</summary>
public enum FlipDirection
{
    /// <summary>The image is not mirrored.</summary>
    None,

    /// <summary>Left and right changed places.</summary>
    Horizontal,

    /// <summary>Top and bottom changed places.</summary>
    Vertical,

    /// <summary>Both: the image is turned by 180 degrees.</summary>
    Diagonal,
}
