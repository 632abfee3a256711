using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
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
    private readonly ModuleList<NamedSequential> _stages;
    private readonly (int Stage, int Channels, int Stride)[] _outputs;

    private StagedBackbone(NamedSequential[] stages, params (int Stage, int Channels, int Stride)[] outputs)
    {
        _stages = RegisterChild("layers", new ModuleList<NamedSequential>(stages));
        _outputs = outputs;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputChannels => [.. _outputs.Select(output => output.Channels)];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputStrides => [.. _outputs.Select(output => output.Stride)];

    /// <summary>Darknet-53.</summary>
    /// <param name="channels">Behind the first convolution; each stage doubles them.</param>
    internal static StagedBackbone Darknet53(int channels = 32) => new(
        [
            new(
                ("stage_1", DarknetConv.Leaky(3, channels, kernel: 3)),
                ("stage_2", DarknetBlocks.Stage(channels, residuals: 1)),
                ("stage_3", DarknetBlocks.Stage(channels * 2, residuals: 2)),
                ("stage_4", DarknetBlocks.Stage(channels * 4, residuals: 8))),
            new(("stage_5", DarknetBlocks.Stage(channels * 8, residuals: 8))),
            new(("stage_6", DarknetBlocks.Stage(channels * 16, residuals: 4))),
        ],
        (2, channels * 32, 32), (1, channels * 16, 16), (0, channels * 8, 8));

    /// <summary>The backbone of tiny YOLOv3.</summary>
    internal static StagedBackbone TinyV3() => new(
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
        (3, 256, 32), (2, 256, 16));

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var maps = new Tensor[_stages.Count];
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = _stages[i].Call(i == 0 ? images : maps[i - 1]);
        }

        return Array.ConvertAll(_outputs, output => maps[output.Stage]);
    }

    private static MaxPool2d Halve() => new(kernel: 2, stride: 2);
}
