namespace MMDetSharp.Data.Pipelines;

/// <summary>A part of an image, in whole pixels; right and bottom are not in it.</summary>
internal readonly record struct PixelPatch(int Left, int Top, int Right, int Bottom)
{
    internal int Width => Right - Left;

    internal int Height => Bottom - Top;
}
