namespace MMDetSharp.Data.Imaging;

/// <summary>What padding is filled with.</summary>
public enum BorderMode
{
    /// <summary>One value per channel.</summary>
    Constant = 0,

    /// <summary>The outermost pixel, repeated.</summary>
    Edge = 1,

    /// <summary>The image mirrored, the outermost pixel twice: <c>cba|abc</c>.</summary>
    Symmetric = 2,

    /// <summary>The image mirrored, the outermost pixel once: <c>cb|abc</c>.</summary>
    Reflect = 4,
}
