using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Detectors;

/// <summary>
/// A convolution of a Darknet network. The file holds its bias, then, where a norm follows, that norm's scale, mean and
/// variance, then the kernel; with a norm, the bias is the norm's shift.
/// </summary>
/// <param name="Convolution">The kernel, and the bias where no norm follows.</param>
/// <param name="Norm">The batch norm behind it; null for none.</param>
internal sealed record DarknetConvolution(Conv2d Convolution, BatchNorm2d? Norm);
