namespace MMDetSharp.Core.Structures;

/// <summary>The size of an image or of a map of pixels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">3 for colour, 1 for grey.</param>
public readonly record struct ImageShape(int Height, int Width, int Channels = 3)
{
    /// <summary>As the reference prints it: <c>(height, width, channels)</c>.</summary>
    public override string ToString() => $"({Height}, {Width}, {Channels})";
}
