using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Yolo;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The parts of the reference's models in Darknet's and YOLOv5's own layout.</summary>
internal static class RRNetworkTable
{
    internal static StagedBackbone Darknet53(ConfigReader reader) =>
        StagedBackbone.Darknet53(reader.Int("input_channels", 32));

    internal static RRCspDarknet53 CspDarknet53(ConfigReader reader)
    {
        var residuals = reader.Ints("layers", [1, 2, 8, 8, 4]);
        var channels = reader.Int("input_channels", 32);
        return YoloNetworkTable.Checked(reader, () => new RRCspDarknet53(residuals, channels));
    }

    internal static RRYoloV5Backbone V5Backbone(ConfigReader reader) => new(
        new(reader.Float("depth_multiple", 1), reader.Float("width_multiple", 1)), reader.Int("input_channel", 3));

    internal static YoloDenseHead V3Head(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("out_channels"); // as the reference: always twice in_channels
        return Head(reader, context, levels: 3, parts => new RRYoloV3Head(
            YoloHeadConfig.Channels(reader, "in_channels", parts.Anchors), YoloHeadConfig.Predictions(parts)));
    }

    internal static YoloDenseHead TinyV3Head(ConfigReader reader, HeadContext context) => Head(
        reader, context, levels: 2, parts => new RRTinyYoloV3Head(
            YoloHeadConfig.Channels(reader, "in_channels", parts.Anchors),
            YoloHeadConfig.Channels(reader, "out_channels", parts.Anchors),
            YoloHeadConfig.Predictions(parts)));

    internal static YoloDenseHead TinyV4Head(ConfigReader reader, HeadContext context) => Head(
        reader, context, levels: 2, parts => new RRTinyYoloV4Head(
            YoloHeadConfig.Channels(reader, "in_channels", parts.Anchors),
            YoloHeadConfig.Channels(reader, "out_channels", parts.Anchors),
            YoloHeadConfig.Predictions(parts)));

    internal static YoloDenseHead V5Head(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("in_channels"); // the size tells them
        var (depth, width) = reader.FloatPair("out_channels"); // as the reference: [depth_multiple, width_multiple]
        return Head(
            reader, context, levels: 3,
            parts => new RRYoloV5Head(new(depth, width), YoloHeadConfig.Predictions(parts)));
    }

    private static YoloDenseHead Head(
        ConfigReader reader, HeadContext context, int levels, Func<YoloHeadParts, HeadNetwork> network)
    {
        reader.Ignore("conv_cfg", "norm_cfg", "act_cfg"); // as the reference: its layers are fixed
        var parts = YoloHeadConfig.RequireLevels(reader, YoloHeadConfig.Read(reader, context), levels);
        return new YoloDenseHead(network(parts), parts);
    }
}
