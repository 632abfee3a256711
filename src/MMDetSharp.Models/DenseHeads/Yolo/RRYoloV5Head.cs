using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.YoloV5;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// YOLOv5 v3.1 behind its backbone, path aggregation and the last convolutions (github.com/ultralytics/yolov5,
/// models/yolov5l.yaml). The reference's <c>RRYolov5Head</c>. Keys: det.N.*, head.N.*
/// </summary>
internal sealed class RRYoloV5Head : HeadNetwork
{
    private readonly ConvModule _top;
    private readonly YoloV5BottleneckCsp _middleDown;
    private readonly ConvModule _middle;
    private readonly YoloV5BottleneckCsp _fine;
    private readonly ConvModule _fineUp;
    private readonly YoloV5BottleneckCsp _middleUp;
    private readonly ConvModule _coarseUp;
    private readonly YoloV5BottleneckCsp _coarse;
    private readonly Sequential _predictions;

    /// <param name="size">Depth and width.</param>
    /// <param name="predictions">Numbers per cell, A (5 + K).</param>
    internal RRYoloV5Head(RRYoloV5Size size, int predictions)
    {
        var (c256, c512, c1024) = (size.Channels(256), size.Channels(512), size.Channels(1024));
        _top = RRYoloV5Size.Style.Conv(c1024, c512);
        _middleDown = size.Csp(2 * c512, 512, 3, shortcut: false);
        _middle = RRYoloV5Size.Style.Conv(c512, c256);
        _fine = size.Csp(2 * c256, 256, 3, shortcut: false);
        _fineUp = RRYoloV5Size.Style.Conv(c256, c256, kernel: 3, stride: 2);
        _middleUp = size.Csp(2 * c256, 512, 3, shortcut: false);
        _coarseUp = RRYoloV5Size.Style.Conv(c512, c512, kernel: 3, stride: 2);
        _coarse = size.Csp(2 * c512, 1024, 3, shortcut: false);
        RegisterChild("det", new NumberedModules(
            (0, _top), (3, _middleDown), (4, _middle), (7, _fine),
            (8, _fineUp), (10, _middleUp), (11, _coarseUp), (13, _coarse)));

        // Differs from the reference: A (5 + K) numbers, where it always has 255.
        var last = new Conv2dOptions { Kernel = 1 };
        _predictions = RegisterChild("head", new Sequential(
            new Conv2d(c256, predictions, last),
            new Conv2d(c512, predictions, last),
            new Conv2d(c1024, predictions, last)));
    }

    /// <summary>Reads <c>RRYolov5Head</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("in_channels"); // the size tells them
        var (depth, width) = reader.FloatPair("out_channels"); // as the reference: [depth_multiple, width_multiple]
        new OptionCheck("RRYolov5Head", reader.Error).RequirePositive("out_channels", [depth, width]);
        var config = YoloHeadConfig.ReadFixed(reader, context, levels: 3);
        var size = new RRYoloV5Size(depth, width);
        return config.Plan(
            [size.Channels(256), size.Channels(512), size.Channels(1024)],
            () => new RRYoloV5Head(size, config.Predictions),
            [.. config.Strides.Reverse()]); // maps come in finest first
    }

    /// <inheritdoc/>
    /// <param name="features">Finest first, as the backbone gives them.</param>
    /// <returns><c>pred_map</c> (B, A (5 + K), H, W) of each level, coarsest first.</returns>
    public override MapSet Forward(Tensor[] features)
    {
        using var scope = TensorScope.Begin();
        var top = _top.Call(features[2]); // H / 32
        var middle = _middle.Call(_middleDown.Call(Beside(Functional.ScaleNearest(top, 2), features[1]))); // H / 16
        var fine = _fine.Call(Beside(Functional.ScaleNearest(middle, 2), features[0])); // H / 8
        var middleOut = _middleUp.Call(Beside(_fineUp.Call(fine), middle)); // H / 16
        var coarse = _coarse.Call(Beside(_coarseUp.Call(middleOut), top)); // H / 32
        return new(("pred_map", scope.Keep([Predict(2, coarse), Predict(1, middleOut), Predict(0, fine)])));
    }

    private static Tensor Beside(Tensor first, Tensor second) => Tensor.Cat(1, first, second);

    private Tensor Predict(int level, Tensor map) => _predictions.Layers[level].Call(map);

    /// <summary>Modules whose names are numbers with gaps, for the layers without parameters between them.</summary>
    private sealed class NumberedModules : Module
    {
        internal NumberedModules(params IEnumerable<(int Number, Module Module)> modules)
        {
            foreach (var (number, module) in modules)
            {
                RegisterChild($"{number}", module);
            }
        }
    }
}
