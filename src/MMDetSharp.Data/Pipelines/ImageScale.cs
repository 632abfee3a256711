namespace MMDetSharp.Data.Pipelines;

/// <summary>A size to resize to, as configs write it: (width, height), or (long edge, short edge) in any order.</summary>
/// <param name="Width">Width, or one of the two edges.</param>
/// <param name="Height">Height, or the other edge.</param>
public readonly record struct ImageScale(int Width, int Height)
{
    /// <summary>The longer edge.</summary>
    public int LongEdge => Math.Max(Width, Height);

    /// <summary>The shorter edge.</summary>
    public int ShortEdge => Math.Min(Width, Height);
}
