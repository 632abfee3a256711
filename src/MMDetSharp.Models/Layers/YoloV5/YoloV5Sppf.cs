using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers.YoloV5;

/// <summary>
/// Spatial pyramid pooling, fast (since v6.0): one small window three times gives what windows of 5, 9 and 13 give at
/// once. Keys: cv1, cv2.
/// </summary>
internal sealed class YoloV5Sppf : Layer
{
    private readonly ConvModule _first;
    private readonly ConvModule _last;
    private readonly MaxPool2d _pool;

    /// <param name="style">Norm and activation.</param>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="kernel">The window's side, odd.</param>
    internal YoloV5Sppf(YoloV5Style style, int inChannels, int outChannels, int kernel)
    {
        var hidden = inChannels / 2;
        _first = RegisterChild("cv1", style.Conv(inChannels, hidden));
        _last = RegisterChild("cv2", style.Conv(hidden * 4, outChannels));
        _pool = new MaxPool2d(kernel, stride: 1, kernel / 2);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var map = _first.Call(input);
        var once = _pool.Call(map);
        var twice = _pool.Call(once);
        return _last.Call(Tensor.Cat(1, map, once, twice, _pool.Call(twice)));
    }
}
