namespace MMDetSharp.Models.Layers;

/// <summary>Of a deformable convolution that finds its own offsets; the names are the reference's.</summary>
public sealed record DeformOptions
{
    /// <summary>Whether taps are weighted as well: <c>DCNv2</c>.</summary>
    public bool IsModulated { get; init; }

    /// <summary>Into how many parts the channels are split for the offsets: <c>deform_groups</c>.</summary>
    public int OffsetGroups { get; init; } = 1;
}
