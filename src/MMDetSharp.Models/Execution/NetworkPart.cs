using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Execution;

/// <summary>
/// A piece of a detector that depends on no value: the same operations for every input, so that it can be recorded once
/// and compiled. Between two parts stands what depends on values: choosing proposals, cropping regions.
/// </summary>
public sealed record NetworkPart
{
    /// <summary>Its name within the detector: <c>dense</c>, <c>roi</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The computation: (B, C, H, W), borrowed, to maps that belong to the caller.</summary>
    public required Func<Tensor, MapSet> Forward { get; init; }

    /// <summary>C of its input.</summary>
    public required int Channels { get; init; }

    /// <summary>Heights and widths must be multiples of this; 1: every size will do.</summary>
    public int SizeDivisor { get; init; } = 1;

    /// <summary>The least height and width: smaller inputs leave a layer without a place.</summary>
    public int LeastSide { get; init; } = 1;

    /// <summary>Whether heights and widths never change, as those of cropped regions; else only channels are fixed.</summary>
    public bool IsFixedSize { get; init; }

    /// <summary>Fails unless the part can take an input of these channels and this size.</summary>
    /// <exception cref="ArgumentException">
    /// There are other channels, or a side is below <see cref="LeastSide"/> or no multiple of <see cref="SizeDivisor"/>.
    /// </exception>
    internal void RequireInput(Tensor input)
    {
        if (input.Rank != 4 || input.Size(1) != Channels)
        {
            throw new ArgumentException(
                $"{Name}: its input must have shape (B, {Channels}, H, W), got ({string.Join(", ", input.Shape)}). " +
                "Make the channels of its first layer and of what comes in agree: for images, color_type of LoadImageFromFile.", nameof(input));
        }

        var (height, width) = (input.Size(2), input.Size(3));
        if (height < LeastSide || width < LeastSide)
        {
            throw new ArgumentException(
                $"{Name}: height and width must be at least {LeastSide}, got {height} x {width}. Resize images to the size " +
                "that the recipe was made for.", nameof(input));
        }

        if (height % SizeDivisor != 0 || width % SizeDivisor != 0)
        {
            throw new ArgumentException(
                $"{Name}: height and width must be multiples of {SizeDivisor}, got {height} x {width}. Put " +
                $"Pad(size_divisor={SizeDivisor}) or LetterResize into the pipeline.", nameof(input));
        }
    }
}
