namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>What a layer gives for one image of the cfg's own size.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal readonly record struct DarknetShape(int Channels, int Height, int Width)
{
    /// <summary>Whether two shapes can lie side by side: their channels may differ.</summary>
    internal bool HasSizeOf(DarknetShape other) => Height == other.Height && Width == other.Width;

    /// <summary>As Darknet prints it: width x height x channels.</summary>
    public override string ToString() => $"{Width} x {Height} x {Channels}";
}
