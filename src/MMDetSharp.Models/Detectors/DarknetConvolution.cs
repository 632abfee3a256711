using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors;

/// <summary>
/// A convolution of a Darknet network. The file holds its bias, then, where a norm follows, that norm's scale, mean and
/// variance, then the kernel; with a norm, the bias is the norm's shift.
/// </summary>
/// <param name="Convolution">The kernel, and the bias where no norm follows.</param>
/// <param name="Norm">The batch norm behind it; null for none.</param>
internal sealed record DarknetConvolution(Conv2d Convolution, BatchNorm2d? Norm)
{
    /// <summary>Its tensors in the order of the file.</summary>
    public IEnumerable<Tensor> Tensors => Norm is null
        ? [Convolution.Bias!, Convolution.Weight]
        : [Norm.Bias, Norm.Weight, Norm.RunningMean, Norm.RunningVariance, Convolution.Weight];
}
