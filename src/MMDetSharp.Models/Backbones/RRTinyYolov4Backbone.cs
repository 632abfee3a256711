using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>The backbone of tiny YOLOv4: darknet's yolov4-tiny.cfg. Keys: layers.NAME.*</summary>
/// <remarks>
/// As the reference: the second map is what the last stage put beside its input, the second half of the first.
/// </remarks>
internal sealed class RRTinyYolov4Backbone : Backbone
{
    private const int LastChannels = 256;

    private static readonly MapLevel[] s_outputs = [new(2 * LastChannels, 16), new(LastChannels, 16)];

    private readonly NamedSequential _layers;

    /// <summary>Two strided convolutions, then three partial stages with max pooling between them.</summary>
    internal RRTinyYolov4Backbone()
    {
        _layers = RegisterChild("layers", new NamedSequential(
            ("0_convbatch", DarknetConv.Leaky(3, 32, kernel: 3, stride: 2)),
            ("1_convbatch", DarknetConv.Leaky(32, 64, kernel: 3, stride: 2)),
            ("2_convbatch", DarknetConv.Leaky(64, 64, kernel: 3)),
            ("3_resconvbatch", new PartialStage(64)),
            ("4_max", new MaxPool2d(kernel: 2, stride: 2)),
            ("5_convbatch", DarknetConv.Leaky(128, 128, kernel: 3)),
            ("6_resconvbatch", new PartialStage(128)),
            ("7_max", new MaxPool2d(kernel: 2, stride: 2)),
            ("8_convbatch", DarknetConv.Leaky(256, 256, kernel: 3)),
            ("9_resconvbatch", new PartialStage(LastChannels))));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs => s_outputs;

    /// <summary>The only one there is.</summary>
    internal static BackbonePlan Plan => new(s_outputs, () => new RRTinyYolov4Backbone());

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var last = _layers.Call(images); // (B, 512, H / 16, W / 16)
        return [last, last.Narrow(1, LastChannels, LastChannels)];
    }
}
