using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>The largest of two by two places; the last row and column stand beside zeros, so the size stays.</summary>
/// <remarks>As the reference: zeros, where Darknet's border never wins; equal unless all is below zero.</remarks>
internal sealed class SameSizeMaxPool : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        using var padded = Functional.Pad(input, [0, 1, 0, 1]);
        return Functional.MaxPool2d(padded, [2, 2], [1, 1], [0, 0], [1, 1]);
    }
}
