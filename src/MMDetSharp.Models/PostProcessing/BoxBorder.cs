namespace MMDetSharp.Models.PostProcessing;

/// <summary>Where boxes that reach over an image's edges end.</summary>
public enum BoxBorder
{
    /// <summary>Where they are predicted.</summary>
    None,

    /// <summary>At the edges: 0 to W and 0 to H.</summary>
    Edge,

    /// <summary>On the last pixels: 0 to W - 1 and 0 to H - 1.</summary>
    LastPixel,
}
