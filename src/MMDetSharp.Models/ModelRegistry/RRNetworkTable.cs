using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;

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
}
