using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Tiny YOLOv3 behind its backbone: the coarse level's features, doubled in size, stand beside the fine level's;
/// darknet's yolov3-tiny.cfg. The reference's <c>RRTinyYolov3Head</c>. Keys: layers.0.14_convbatch.*, ...
/// </summary>
internal sealed class RRTinyYoloV3Head : HeadNetwork, IDarknetHead
{
    private readonly ModuleList<NamedSequential> _layers;

    /// <param name="inChannels">Of the coarse and of the fine level.</param>
    /// <param name="outChannels">Before the coarse level's last convolution, and what goes up to the fine level.</param>
    /// <param name="predictions">Numbers per cell, A (5 + K).</param>
    internal RRTinyYoloV3Head(int[] inChannels, int[] outChannels, int predictions)
    {
        var (coarse, up) = (outChannels[0], outChannels[1]);
        _layers = RegisterChild("layers", new ModuleList<NamedSequential>(
            new(
                ("14_convbatch", DarknetConv.Leaky(inChannels[0], coarse, kernel: 3)),
                ("15_conv", DarknetBlocks.Prediction(coarse, predictions))),
            new(
                ("18_convbatch", DarknetConv.Leaky(inChannels[0], up, kernel: 1)),
                ("19_upsample", new NearestUpsample(2))),
            new(
                ("21_convbatch", DarknetConv.Leaky(inChannels[1] + up, 2 * up, kernel: 3)),
                ("22_conv", DarknetBlocks.Prediction(2 * up, predictions)))));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Module>> DarknetLevels => [[_layers[0]], [_layers[1], _layers[2]]];

    /// <summary>Reads <c>RRTinyYolov3Head</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var config = YoloHeadConfig.ReadFixed(reader, context, levels: 2);
        var (input, output) = (config.Channels("in_channels"), config.Channels("out_channels"));
        return config.Plan(input, () => new RRTinyYoloV3Head(input, output, config.Predictions));
    }

    /// <inheritdoc/>
    /// <returns><c>pred_map</c> (B, A (5 + K), H, W) of each level, the coarse one first.</returns>
    public override MapSet Forward(Tensor[] features)
    {
        using var up = _layers[1].Call(features[0]);
        using var both = Tensor.Cat(1, up, features[1]);
        return new(("pred_map", [_layers[0].Call(features[0]), _layers[2].Call(both)]));
    }
}
