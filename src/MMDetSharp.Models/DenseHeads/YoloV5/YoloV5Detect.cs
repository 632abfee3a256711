using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// The outputs of YOLOv5: a 1x1 convolution for each map, and the anchors in cells of it. Keys: anchors, m.*.
/// </summary>
internal sealed class YoloV5Detect : Module
{
    private readonly ModuleList<Conv2d> _convs;
    private readonly YoloV5Options _options;
    private readonly IReadOnlyList<int> _strides;
    private readonly Tensor _anchors;

    /// <param name="options">Anchors and classes.</param>
    /// <param name="strides">(L) pixels from one cell to the next.</param>
    /// <param name="channels">(L) of the maps that come in.</param>
    internal YoloV5Detect(YoloV5Options options, IReadOnlyList<int> strides, IReadOnlyList<int> channels)
    {
        (_options, _strides) = (options, strides);
        var geometry = new Conv2dOptions { Kernel = 1 };
        _anchors = RegisterBuffer("anchors", Tensor.From(InCells(), strides.Count, options.Anchors[0].Count, 2));
        _convs = RegisterChild("m", new ModuleList<Conv2d>(
            channels.Select(channel => new Conv2d(channel, options.OutputChannels, geometry))));
    }

    /// <summary>
    /// (L A 2) widths and heights of the anchors in pixels: the checkpoint's, as its buffer has them.
    /// </summary>
    internal float[] ReadAnchors()
    {
        var anchors = _anchors.ToArray();
        var perLevel = anchors.Length / _strides.Count;
        for (var i = 0; i < anchors.Length; i++)
        {
            anchors[i] *= _strides[i / perLevel];
        }

        return anchors;
    }

    /// <summary>
    /// PyTorch's rule; biases so that 8 objects are expected in 640 x 640 pixels, arXiv:1708.02002, section 3.3.
    /// </summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        using var noGrad = GradMode.NoGrad();
        for (var level = 0; level < _convs.Count; level++)
        {
            using var scope = TensorScope.Begin();
            var cells = 640.0 / _strides[level];
            var bias = _convs[level].Bias!.View(_options.Anchors[0].Count, -1); // (A, 5 + K)
            bias.Narrow(1, 4, 1).AddInPlace(Math.Log(8 / (cells * cells)));
            bias.Slice(1, 5).AddInPlace(Math.Log(0.6 / (_options.ClassCount - 0.99999)));
        }

        using var own = TensorScope.Begin();
        _anchors.CopyFromInPlace(Tensor.From(InCells(), _anchors.Shape));
    }

    /// <summary>A 1x1 convolution of each level to A (5 + K) channels.</summary>
    /// <param name="maps">(L) maps of the neck, (B, C, H, W); borrowed.</param>
    /// <returns>(L) maps (B, A (5 + K), H, W); they belong to the caller.</returns>
    internal Tensor[] Forward(Tensor[] maps) => [.. maps.Select((map, level) => _convs[level].Call(map))];

    private float[] InCells() =>
    [
        .. _options.Anchors.SelectMany((level, i) => level.SelectMany(
            anchor => (float[])[anchor.Width / _strides[i], anchor.Height / _strides[i]])),
    ];
}
