using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>A <c>[convolutional]</c> section: convolution, batch norm, activation. Keys: conv.*, bn.*.</summary>
internal sealed class ConvolutionLayer : DarknetLayer
{
    private readonly Func<Tensor, Tensor>? _activation;

    /// <param name="place">The layer before, its channels, and what comes out.</param>
    /// <param name="options">The geometry; a bias stands for: no batch norm.</param>
    /// <param name="activation">The function behind; null for none.</param>
    internal ConvolutionLayer(
        (int Source, int Channels, DarknetShape Shape) place, Conv2dOptions options, Func<Tensor, Tensor>? activation)
        : base([place.Source], place.Shape)
    {
        _activation = activation;
        var channels = place.Shape.Channels;
        var convolution = RegisterChild("conv", new Conv2d(place.Channels, channels, options));
        Parts = new(convolution, options.Bias ? null : RegisterChild("bn", new BatchNorm2d(channels, DarknetEpsilon)));
    }

    /// <summary>Convolution and norm, for weight files.</summary>
    internal DarknetConvolution Parts { get; }

    /// <inheritdoc/>
    internal override IEnumerable<Tensor> Weights => Parts.Tensors;

    // blas.c, normalize_cpu, and network.c, fuse_conv_batchnorm. Its CUDA code has 1e-6.
    private static double DarknetEpsilon => 1e-5;

    /// <summary>As Darknet: uniform in +-sqrt(2 / fan in), bias 0, norm 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        var (convolution, norm) = (Parts.Convolution, Parts.Norm);
        var fanIn = convolution.Weight.ElementCount / convolution.OutChannels;
        var bound = Math.Sqrt(2.0 / fanIn);
        Initializers.Uniform(convolution.Weight, -bound, bound, generator);
        if (convolution.Bias is { } bias)
        {
            Initializers.Constant(bias, 0);
        }

        norm?.InitWeights(generator);
    }

    /// <inheritdoc/>
    internal override Tensor Compute(Tensor[] inputs)
    {
        var map = Parts.Convolution.Call(inputs[0]);
        map = Parts.Norm is null ? map : Parts.Norm.Call(map);
        return _activation is null ? map : _activation(map);
    }
}
