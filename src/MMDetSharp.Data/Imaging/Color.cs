namespace MMDetSharp.Data.Imaging;

/// <summary>A colour of a screen.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Color(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Color Black => new(0, 0, 0);

    /// <summary>White.</summary>
    public static Color White => new(255, 255, 255);

    /// <summary>Relative luminance, 0 to 1 (WCAG 2, with gamma 2.2).</summary>
    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>Black or white, whichever can be read better on this colour (WCAG 2's contrast ratio).</summary>
    public Color Ink => (Luminance + 0.05) / 0.05 >= 1.05 / (Luminance + 0.05) ? Black : White;

    /// <summary>The colour nearer to black.</summary>
    /// <param name="share">0 is black, 1 is this colour.</param>
    public Color Darker(double share) => new((byte)(Red * share), (byte)(Green * share), (byte)(Blue * share));

    /// <summary>As the web writes it: <c>#RRGGBB</c>.</summary>
    public override string ToString() => $"#{Red:X2}{Green:X2}{Blue:X2}";

    /// <summary>Blue, green, red, as pixels hold it.</summary>
    internal double[] ToBgr() => [Blue, Green, Red, 0];

    private static double Linear(byte value) => Math.Pow(value / 255.0, 2.2);
}
