namespace MMDetSharp.Data.Imaging;

/// <summary>How much room a line of text takes, in pixels.</summary>
/// <param name="Width">From its left to its right end.</param>
/// <param name="Ascent">Above the base line.</param>
/// <param name="Descent">Below the base line, for letters such as g.</param>
public readonly record struct TextSize(int Width, int Ascent, int Descent);
