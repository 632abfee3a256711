using System.Globalization;

using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// The last two convolutions of each level of YOLOv3 and YOLOv4 in Darknet's own layout: arXiv:1804.02767, section 2.3.
/// The reference's <c>RRYolov3Head</c>. Keys: layers.0.1_head.feature.*, layers.1.2_head.feature.*, ...
/// </summary>
internal sealed class RRYoloV3Head : HeadNetwork, IDarknetHead
{
    private readonly ModuleList<NamedSequential> _levels;

    /// <param name="inChannels">Of each level.</param>
    /// <param name="predictions">Numbers per cell, A (5 + K).</param>
    internal RRYoloV3Head(IReadOnlyList<int> inChannels, int predictions)
    {
        _levels = RegisterChild("layers", new ModuleList<NamedSequential>(inChannels.Select((channels, i) =>
            new NamedSequential((Name(i), DarknetBlocks.Head(channels, predictions))))));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Module>> DarknetLevels => [.. _levels.Select(level => new[] { level })];

    /// <summary>Reads <c>RRYolov3Head</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("out_channels"); // as the reference: always twice in_channels
        var config = YoloHeadConfig.ReadFixed(reader, context, levels: 3);
        var channels = config.Channels("in_channels");
        return config.Plan(channels, () => new RRYoloV3Head(channels, config.Predictions));
    }

    /// <inheritdoc/>
    /// <returns><c>pred_map</c> (B, A (5 + K), H, W) of each level.</returns>
    public override MapSet Forward(Tensor[] features) =>
        new(("pred_map", [.. features.Select((feature, i) => _levels[i].Call(feature))]));

    private static string Name(int level) => string.Create(CultureInfo.InvariantCulture, $"{level + 1}_head");
}
