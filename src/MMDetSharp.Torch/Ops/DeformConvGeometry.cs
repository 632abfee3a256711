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

    /// <summary>Fails unless a convolution of these channels can have this geometry.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">The kernel's height and width.</param>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public void Require(long inChannels, long outChannels, long kernel)
    {
        long[] sizes = [inChannels, outChannels, kernel, Stride, Dilation, Groups, OffsetGroups];
        if (Array.Exists(sizes, size => size <= 0) || Padding < 0
            || inChannels % Groups != 0 || outChannels % Groups != 0 || inChannels % OffsetGroups != 0)
        {
            throw new ArgumentException(
                "Deformable convolution: channels, kernel, stride, dilation and groups must be positive, padding not negative, " +
                $"and groups divide the channels, got {inChannels} to {outChannels} channels, kernel {kernel}, {this}. Correct them.");
        }
    }
}
