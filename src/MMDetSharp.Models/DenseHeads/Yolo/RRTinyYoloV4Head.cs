using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Tiny YOLOv4 behind its backbone, darknet's yolov4-tiny.cfg. The reference's <c>RRTinyYolov4Head</c>. Keys:
/// layers.0.11_conv.*, layers.1.13_conv.*, ...
/// </summary>
internal sealed class RRTinyYoloV4Head : HeadNetwork, IDarknetHead
{
    private const int FineChannels = 256;

    private readonly ModuleList<NamedSequential> _layers;

    /// <param name="inChannels">Of the backbone's two maps.</param>
    /// <param name="outChannels">Behind the coarse level's first convolutions, and what goes up to the fine level.</param>
    /// <param name="predictions">Numbers per cell, A (5 + K).</param>
    internal RRTinyYoloV4Head(int[] inChannels, int[] outChannels, int predictions)
    {
        var (last, coarse, up) = (inChannels[0], outChannels[0], outChannels[1]);
        _layers = RegisterChild("layers", new ModuleList<NamedSequential>(
            new(
                ("10_max", new MaxPool2d(kernel: 2, stride: 2)),
                ("11_conv", DarknetConv.Leaky(last, last, kernel: 3)),
                ("12_conv", DarknetConv.Leaky(last, coarse, kernel: 1))),
            new(
                ("13_conv", DarknetConv.Leaky(coarse, last, kernel: 3)),
                ("14_conv", DarknetBlocks.Prediction(last, predictions))),
            new(
                ("15_convbatch", DarknetConv.Leaky(coarse, up, kernel: 1)),
                ("16_upsample", new NearestUpsample(2))),
            new(
                ("17_convbatch", DarknetConv.Leaky(up + inChannels[1], FineChannels, kernel: 3)),
                ("18_conv", DarknetBlocks.Prediction(FineChannels, predictions)))));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Module>> DarknetLevels =>
        [[_layers[0], _layers[1]], [_layers[2], _layers[3]]];

    /// <summary>Reads <c>RRTinyYolov4Head</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var config = YoloHeadConfig.ReadFixed(reader, context, levels: 2);
        var (input, output) = (config.Channels("in_channels"), config.Channels("out_channels"));
        var strides = config.Strides; // the head halves the coarse map itself
        return config.Plan(
            input, () => new RRTinyYoloV4Head(input, output, config.Predictions), [strides[0] / 2, strides[1]]);
    }

    /// <inheritdoc/>
    /// <returns><c>pred_map</c> (B, A (5 + K), H, W) of each level, the coarse one first.</returns>
    public override MapSet Forward(Tensor[] features)
    {
        using var coarse = _layers[0].Call(features[0]);
        using var up = _layers[2].Call(coarse);
        using var both = Tensor.Cat(1, up, features[1]);
        return new(("pred_map", [_layers[1].Call(coarse), _layers[3].Call(both)]));
    }
}
