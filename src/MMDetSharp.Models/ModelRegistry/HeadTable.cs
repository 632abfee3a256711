using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.RetinaNet;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The dense heads by their names in configs.</summary>
internal static class HeadTable
{
    /// <summary>The table.</summary>
    internal static ContextRegistry<IDenseHead, HeadContext> Heads { get; } = new("head", new()
    {
        ["RetinaHead"] = Retina,
        ["YOLOV3Head"] = YoloNetworkTable.V3Head,
        ["RRYolov3Head"] = RRNetworkTable.V3Head,
        ["RRTinyYolov3Head"] = RRNetworkTable.TinyV3Head,
        ["RRTinyYolov4Head"] = RRNetworkTable.TinyV4Head,
        ["RRYolov5Head"] = RRNetworkTable.V5Head,
    });

    private static AnchorHead Retina(ConfigReader reader, HeadContext context)
    {
        LayerConfig.RequirePlainConvolution(reader);
        IAnchorGenerator anchors = reader.NodeOrNull("anchor_generator") is { } node
            ? AnchorGeneratorTable.Generators.Build(node)
            : new AnchorGenerator(new()
            {
                Strides = [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128)],
                Ratios = [0.5f, 1, 2],
                OctaveBaseScale = 4,
                ScalesPerOctave = 3,
            });
        var parts = AnchorHeadConfig.Read(reader, context, anchors);
        var defaults = new RetinaHeadOptions
        {
            InChannels = reader.Int("in_channels"),
            AnchorsPerPlace = anchors.AnchorsPerPlace[0],
            ScoreCount = parts.Options.ScoreCount,
        };
        return new AnchorHead(
            new RetinaHead(defaults with
            {
                Channels = reader.Int("feat_channels", defaults.Channels),
                StackedConvs = reader.Int("stacked_convs", defaults.StackedConvs),
                Norm = LayerConfig.Norm(reader),
            }),
            parts);
    }
}
