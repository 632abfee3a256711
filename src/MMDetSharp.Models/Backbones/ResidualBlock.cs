using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>What one block of a ResNet is made from.</summary>
/// <param name="InChannels">C of its input.</param>
/// <param name="Planes">Channels of its 3x3 convolutions; a bottleneck's output has four times as many.</param>
/// <param name="Stride">By what it divides height and width.</param>
/// <param name="Dilation">Steps between the taps of its (first) 3x3 kernel.</param>
/// <param name="Deform">Makes a bottleneck's 3x3 layer deformable; null for the usual one.</param>
internal sealed record BlockShape(int InChannels, int Planes, int Stride, int Dilation, DeformOptions? Deform = null);

/// <summary>max(F(x) + shortcut(x), 0); He et al., arXiv:1512.03385, equation 1.</summary>
internal abstract class ResidualBlock : Layer
{
    /// <summary>The norm whose zero scale makes the block the identity.</summary>
    internal abstract Layer LastNorm { get; }

    /// <summary>The shortcut's layers; null for the identity.</summary>
    internal abstract Downsample? Shortcut { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var residual = Residual(input);
        var identity = Shortcut is null ? input : Shortcut.Call(input);
        if (!GradMode.IsEnabled)
        {
            var sum = residual + identity;
            residual.Dispose();
            return sum.Relu();
        }

        // As the reference: in place, since nothing needs the residual alone.
        residual.AddInPlace(identity);
        return Layers.ConvNorm.Relu(residual);
    }

    /// <summary>F(x), a tensor of its own.</summary>
    protected abstract Tensor Residual(Tensor input);
}
