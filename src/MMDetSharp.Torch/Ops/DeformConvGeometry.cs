namespace MMDetSharp.Torch.Ops;

/// <summary>How the kernel of a deformable convolution moves; equal for height and width.</summary>
public sealed record DeformConvGeometry
{
    /// <summary>Steps between outputs.</summary>
    public long Stride { get; init; } = 1;

    /// <summary>Zeros on each side.</summary>
    public long Padding { get; init; }

    /// <summary>Steps between taps.</summary>
    public long Dilation { get; init; } = 1;

    /// <summary>Into how many parts the channels are split.</summary>
    public long Groups { get; init; } = 1;

    /// <summary>Into how many parts the channels are split for the offsets.</summary>
    public long OffsetGroups { get; init; } = 1;
}
