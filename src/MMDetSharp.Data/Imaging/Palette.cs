namespace MMDetSharp.Data.Imaging;

/// <summary>Colours for classes: those next to each other differ clearly, and all stand out from photos.</summary>
public static class Palette
{
    private const double GoldenRatio = 0.61803398874989485;

    // Chosen by hand: strong hues far from skin, sky and leaves, dark and light ones in turn.
    private static readonly Color[] s_first =
    [
        new(255, 56, 56), new(44, 153, 255), new(255, 178, 29), new(61, 219, 134), new(190, 66, 255),
        new(0, 212, 187), new(255, 112, 31), new(72, 89, 255), new(207, 210, 49), new(255, 55, 199),
        new(26, 147, 52), new(146, 204, 23), new(132, 56, 255), new(0, 194, 255), new(203, 56, 120),
        new(255, 157, 151), new(52, 69, 147), new(0, 135, 118), new(140, 80, 30), new(100, 115, 255),
    ];

    /// <summary>The colour of a class; always the same for the same index.</summary>
    /// <param name="index">From 0.</param>
    public static Color At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index < s_first.Length ? s_first[index] : FromHue(index * GoldenRatio % 1, index % 3);
    }

    // Steps of the golden ratio around the circle of hues never come close to each other again.
    private static Color FromHue(double hue, int shade)
    {
        var (saturation, value) = shade switch { 0 => (0.85, 0.95), 1 => (0.60, 1.00), _ => (0.95, 0.70) };
        return new(Channel(5), Channel(3), Channel(1));

        byte Channel(int n)
        {
            var k = (n + (hue * 6)) % 6;
            return (byte)(255 * (value - (value * saturation * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1)))));
        }
    }
}
