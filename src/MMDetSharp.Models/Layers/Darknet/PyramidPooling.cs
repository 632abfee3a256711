using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>
/// The largest values around each place, near and far, beside the map itself: He et al., "Spatial Pyramid Pooling",
/// arXiv:1406.4729, as YOLOv4 has it. (B, C, H, W) to (B, 4 C, H, W).
/// </summary>
internal sealed class PyramidPooling : Layer
{
    private readonly MaxPool2d[] _pools = [Pool(13), Pool(9), Pool(5)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Tensor.Cat(1, [.. _pools.Select(pool => pool.Call(input)), input]);

    private static MaxPool2d Pool(int window) => new(window, stride: 1, window / 2);
}
