namespace MMDetSharp.Data.Imaging;

/// <summary>How values between pixels are found; OpenCV's methods.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Linear in both directions, from 4 pixels.</summary>
    Bilinear = 1,

    /// <summary>Cubic, from 16 pixels.</summary>
    Bicubic = 2,

    /// <summary>The mean over the area that a result pixel covers: best for making smaller.</summary>
    Area = 3,

    /// <summary>Lanczos, from 64 pixels.</summary>
    Lanczos = 4,
}
