using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>The mean of each square window.</summary>
/// <param name="kernel">The window's side.</param>
/// <param name="stride">Steps between windows.</param>
/// <param name="ceilMode">Whether windows that start inside but end outside count.</param>
/// <param name="countPadding">Whether padded places count in the divisor.</param>
public sealed class AvgPool2d(int kernel, int stride, bool ceilMode = false, bool countPadding = true) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Functional.AvgPool2d(input, [kernel, kernel], [stride, stride], [0, 0], ceilMode, countPadding);
}
