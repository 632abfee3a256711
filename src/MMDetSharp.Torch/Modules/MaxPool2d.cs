using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>The largest element of each square window.</summary>
/// <param name="kernel">The window's side.</param>
/// <param name="stride">Steps between windows.</param>
/// <param name="padding">Border on each side that never wins.</param>
/// <param name="ceilMode">Whether windows that start inside but end outside count.</param>
/// <exception cref="ArgumentException">Kernel or stride is not positive, or the padding no part of half a kernel.</exception>
public sealed class MaxPool2d(int kernel, int stride, int padding = 0, bool ceilMode = false) : Layer
{
    private readonly int _kernel = kernel > 0 && stride > 0 && padding >= 0 && padding <= kernel / 2
        ? kernel
        : throw new ArgumentException(
            "MaxPool2d: kernel and stride must be positive, and padding 0 to half the kernel, got " +
            $"kernel {kernel}, stride {stride}, padding {padding}. Correct them.");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Functional.MaxPool2d(input, [_kernel, _kernel], [stride, stride], [padding, padding], [1, 1], ceilMode);
}
