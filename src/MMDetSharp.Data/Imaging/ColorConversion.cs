namespace MMDetSharp.Data.Imaging;

/// <summary>A change of colour space.</summary>
public enum ColorConversion
{
    /// <summary>Swaps the first and third channel; also RGB to BGR.</summary>
    BgrToRgb = 0,

    /// <summary>Three channels to one: 0.299 R + 0.587 G + 0.114 B.</summary>
    BgrToGray = 1,

    /// <summary>One channel to three equal ones.</summary>
    GrayToBgr = 2,

    /// <summary>To hue (float32: 0 to 360; uint8: 0 to 180), saturation and value.</summary>
    BgrToHsv = 3,

    /// <summary>Back from hue, saturation and value.</summary>
    HsvToBgr = 4,
}
