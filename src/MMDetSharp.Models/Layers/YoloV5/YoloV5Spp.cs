using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Spatial pyramid pooling (v3.0 to v5.0): largest values of windows of several sizes beside the map itself. He et al.,
/// arXiv:1406.4729. Keys: cv1, cv2.
/// </summary>
internal sealed class YoloV5Spp : Layer
{
    private readonly ConvModule _first;
    private readonly ConvModule _last;
    private readonly MaxPool2d[] _pools;

    /// <param name="style">Norm and activation.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="kernels">The windows' sides, odd.</param>
    internal YoloV5Spp(YoloV5Style style, int inChannels, int outChannels, IReadOnlyList<int> kernels)
    {
        var hidden = inChannels / 2;
        _first = RegisterChild("cv1", style.Conv(inChannels, hidden));
        _last = RegisterChild("cv2", style.Conv(hidden * (kernels.Count + 1), outChannels));
        _pools = [.. kernels.Select(kernel => new MaxPool2d(kernel, stride: 1, kernel / 2))];
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var map = _first.Call(input);
        return _last.Call(Tensor.Cat(1, [map, .. _pools.Select(pool => pool.Call(map))]));
    }
}
