namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>What all blocks of one YOLOv5 network have in common; the versions differ in it.</summary>
/// <param name="Norm">Behind every convolution.</param>
/// <param name="Activation">LeakyReLU(0.1) in v3.0, hard swish in v3.1, SiLU since v4.0.</param>
/// <param name="CspActivation">Behind the joined branches of a BottleneckCSP: LeakyReLU(0.1), SiLU since v7.0.</param>
internal sealed record YoloV5Style(NormOptions Norm, ActivationOptions Activation, ActivationOptions CspActivation)
{
    /// <summary>YOLOv5's Conv: convolution that keeps the size at stride 1, norm, activation.</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="kernel">The kernel's side.</param>
    /// <param name="stride">Steps between outputs.</param>
    internal ConvModule Conv(int inChannels, int outChannels, int kernel = 1, int stride = 1) =>
        Conv(inChannels, outChannels, new ConvModuleOptions { Kernel = kernel, Stride = stride, Padding = kernel / 2 });

    /// <summary>As above with padding, groups or no activation of its own.</summary>
    internal ConvModule Conv(int inChannels, int outChannels, ConvModuleOptions options) => new(
        inChannels, outChannels,
        options with { Norm = Norm, Activation = options.Activation is null ? null : Activation });
}
