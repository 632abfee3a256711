namespace MMDetSharp.Models.Necks;

/// <summary>
/// Where a <see cref="FeaturePyramid"/>'s additional, coarser levels come from: the reference's <c>add_extra_convs</c>.
/// </summary>
public enum ExtraConvs
{
    /// <summary>Every second place of the level before; no layer.</summary>
    None,

    /// <summary>A 3x3 layer of stride 2 on the backbone's last map that the pyramid uses.</summary>
    OnInput,

    /// <summary>A 3x3 layer of stride 2 on the last lateral map.</summary>
    OnLateral,

    /// <summary>A 3x3 layer of stride 2 on the last output.</summary>
    OnOutput,
}
