using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>
/// Darknet's windows: the padding is a total, of which half (rounded down) lies left and above (maxpool_layer.c).
/// </summary>
/// <param name="Size">The window's side.</param>
/// <param name="StrideY">Steps between windows along the height.</param>
/// <param name="StrideX">Steps between windows along the width.</param>
/// <param name="Padding">Added to width and height, <c>size - 1</c> by default.</param>
internal sealed record DarknetPooling(int Size, int StrideY, int StrideX, int Padding)
{
    private long[] Kernel => [Size, Size];

    private long[] Stride => [StrideY, StrideX];

    private int Before => Padding / 2;

    private int After => Padding - Before;

    /// <summary>The output shape: floor((side + padding - size) / stride) + 1.</summary>
    internal DarknetShape Shape(DarknetShape input) => input with
    {
        Height = ((input.Height + Padding - Size) / StrideY) + 1,
        Width = ((input.Width + Padding - Size) / StrideX) + 1,
    };

    /// <summary>The largest element of each window.</summary>
    /// <param name="input">(B, C, H, W).</param>
    internal Tensor Max(Tensor input)
    {
        if (Before == After && Before <= Size / 2)
        {
            return Functional.MaxPool2d(input, Kernel, Stride, [Before, Before], [1, 1]);
        }

        // One pixel on the right and below, in steps of 2: a window that begins inside and ends outside counts.
        return this is { Size: 2, StrideY: 2, StrideX: 2, Padding: 1 }
            ? Functional.MaxPool2d(input, Kernel, Stride, [0, 0], [1, 1], ceilMode: true)
            : Functional.MaxPool2d(Pad(input, double.NegativeInfinity), Kernel, Stride, [0, 0], [1, 1]);
    }

    /// <summary>The mean of each window's elements inside the map.</summary>
    /// <param name="input">(B, C, H, W).</param>
    internal Tensor Mean(Tensor input)
    {
        var share = Functional.AvgPool2d(Pad(Tensor.OnesLike(input), 0), Kernel, Stride, [0, 0]);
        return Functional.AvgPool2d(Pad(input, 0), Kernel, Stride, [0, 0]) / share;
    }

    private Tensor Pad(Tensor input, double value) =>
        Padding == 0 ? input : Functional.Pad(input, [Before, After, Before, After], value);
}
