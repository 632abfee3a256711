namespace MMDetSharp.Data.Imaging;

/// <summary>Pixels to add on each side of an image.</summary>
/// <param name="Left">Columns on the left.</param>
/// <param name="Top">Rows above.</param>
/// <param name="Right">Columns on the right.</param>
/// <param name="Bottom">Rows below.</param>
public readonly record struct Padding(int Left, int Top, int Right, int Bottom);
