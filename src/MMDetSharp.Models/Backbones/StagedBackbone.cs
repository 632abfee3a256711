using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// The reference's YOLOv3 backbones in Darknet's own layout, RRDarknet53 and RRTinyYolov3Backbone: Redmon and Farhadi,
/// "YOLOv3", arXiv:1804.02767, table 1, and darknet's yolov3-tiny.cfg. Keys: layers.STAGE.NAME.*
/// </summary>
/// <remarks>As the reference: the maps come out coarsest first.</remarks>
internal sealed class StagedBackbone : Backbone
{
    private static readonly MapLevel[] s_tinyMaps = [new(256, 32), new(256, 16)];

    private readonly ModuleList<NamedSequential> _stages;

    // The last stages' maps come out.
    private StagedBackbone(NamedSequential[] stages, IReadOnlyList<MapLevel> outputs)
    {
        _stages = RegisterChild("layers", new ModuleList<NamedSequential>(stages));
        Outputs = outputs;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs { get; }

    /// <summary>Reads <c>RRDarknet53</c>.</summary>
    internal static BackbonePlan Darknet53FromConfig(ConfigReader reader)
    {
        var channels = reader.Int("input_channels", 32);
        new OptionCheck("RRDarknet53", reader.Error).RequirePositive("input_channels", channels);
        return new(Darknet53Maps(channels), () => Darknet53(channels));
    }

    /// <summary>The backbone of tiny YOLOv3.</summary>
    internal static BackbonePlan TinyV3Plan => new(s_tinyMaps, TinyV3);

    private static MapLevel[] Darknet53Maps(int channels) => [new(channels * 32, 32), new(channels * 16, 16), new(channels * 8, 8)];

    // Channels behind the first convolution; each stage doubles them.
    private static StagedBackbone Darknet53(int channels) => new(
        [
            new(
                ("stage_1", DarknetConv.Leaky(3, channels, kernel: 3)),
                ("stage_2", DarknetBlocks.Stage(channels, residuals: 1)),
                ("stage_3", DarknetBlocks.Stage(channels * 2, residuals: 2)),
                ("stage_4", DarknetBlocks.Stage(channels * 4, residuals: 8))),
            new(("stage_5", DarknetBlocks.Stage(channels * 8, residuals: 8))),
            new(("stage_6", DarknetBlocks.Stage(channels * 16, residuals: 4))),
        ],
        Darknet53Maps(channels));

    private static StagedBackbone TinyV3() => new(
        [
            new(
                ("0_convbatch", DarknetConv.Leaky(3, 16, kernel: 3)),
                ("1_max", Halve()),
                ("2_convbatch", DarknetConv.Leaky(16, 32, kernel: 3)),
                ("3_max", Halve()),
                ("4_convbatch", DarknetConv.Leaky(32, 64, kernel: 3))),
            new(("5_max", Halve()), ("6_convbatch", DarknetConv.Leaky(64, 128, kernel: 3))),
            new(("7_max", Halve()), ("8_convbatch", DarknetConv.Leaky(128, 256, kernel: 3))),
            new(
                ("9_max", Halve()),
                ("10_convbatch", DarknetConv.Leaky(256, 512, kernel: 3)),
                ("11_max", new SameSizeMaxPool()),
                ("12_convbatch", DarknetConv.Leaky(512, 1024, kernel: 3)),
                ("13_convbatch", DarknetConv.Leaky(1024, 256, kernel: 1))),
        ],
        s_tinyMaps);

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var maps = new Tensor[_stages.Count];
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = _stages[i].Call(i == 0 ? images : maps[i - 1]);
        }

        return [.. maps.Reverse().Take(Outputs.Count)];
    }

    private static MaxPool2d Halve() => new(kernel: 2, stride: 2);
}
