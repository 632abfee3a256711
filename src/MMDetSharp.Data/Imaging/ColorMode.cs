namespace MMDetSharp.Data.Imaging;

/// <summary>Which channels a file is read to.</summary>
public enum ColorMode
{
    /// <summary>Three channels, BGR, turned upright as its EXIF block says.</summary>
    Color = 0,

    /// <summary>One channel, turned upright.</summary>
    Grayscale = 1,

    /// <summary>The channels that the file has, not turned.</summary>
    Unchanged = 2,
}
