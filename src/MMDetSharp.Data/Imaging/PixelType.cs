namespace MMDetSharp.Data.Imaging;

/// <summary>The type of one value of a pixel.</summary>
public enum PixelType
{
    /// <summary>0 to 255, as files hold it.</summary>
    UInt8 = 0,

    /// <summary>Any number, as networks take it.</summary>
    Float32 = 5,
}
