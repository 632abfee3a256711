using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>The largest element of each square window.</summary>
/// <param name="kernel">The window's side.</param>
/// <param name="stride">Steps between windows.</param>
/// <param name="padding">Border on each side that never wins.</param>
/// <param name="ceilMode">Whether windows that start inside but end outside count.</param>
public sealed class MaxPool2d(int kernel, int stride, int padding = 0, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Functional.MaxPool2d(input, [kernel, kernel], [stride, stride], [padding, padding], [1, 1], ceilMode);
}
