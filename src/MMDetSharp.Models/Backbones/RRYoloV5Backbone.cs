using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers.YoloV5;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// The backbone of YOLOv5 v3.1 (no paper; github.com/ultralytics/yolov5, models/yolov5l.yaml). The reference's
/// <c>RRYoloV5Backbone</c>. Keys: backbone.N.*
/// </summary>
internal sealed class RRYoloV5Backbone : Backbone
{
    // The rows of the yaml whose maps come out.
    private static readonly int[] s_outputs = [4, 6, 9];

    private readonly Sequential _layers;
    private readonly RRYoloV5Size _size;

    /// <param name="size">Depth and width.</param>
    /// <param name="inChannels">Channels of the images.</param>
    internal RRYoloV5Backbone(RRYoloV5Size size, int inChannels = 3)
    {
        _size = size;
        ImageChannels = inChannels;
        _layers = RegisterChild("backbone", new Sequential(
            new YoloV5Focus(RRYoloV5Size.Style.Conv(4 * inChannels, size.Channels(64), kernel: 3)),
            Halve(64, 128),
            size.Csp(size.Channels(128), 128, 3, shortcut: true),
            Halve(128, 256),
            size.Csp(size.Channels(256), 256, 9, shortcut: true),
            Halve(256, 512),
            size.Csp(size.Channels(512), 512, 9, shortcut: true),
            Halve(512, 1024),
            new YoloV5Spp(RRYoloV5Size.Style, size.Channels(1024), size.Channels(1024), [5, 9, 13]),
            size.Csp(size.Channels(1024), 1024, 3, shortcut: false)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<MapLevel> Outputs => MapsOf(_size);

    /// <inheritdoc/>
    public override int ImageChannels { get; }

    /// <summary>Reads <c>RRYoloV5Backbone</c>.</summary>
    internal static BackbonePlan FromConfig(ConfigReader reader)
    {
        var size = new RRYoloV5Size(reader.Float("depth_multiple", 1), reader.Float("width_multiple", 1));
        var channels = reader.Int("input_channel", 3);
        var check = new OptionCheck("RRYoloV5Backbone", reader.Error);
        check.RequirePositive("depth_multiple", size.Depth);
        check.RequirePositive("width_multiple", size.Width);
        check.RequirePositive("input_channel", channels);
        return new(MapsOf(size), () => new RRYoloV5Backbone(size, channels));
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var maps = new Tensor[_layers.Layers.Count];
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = _layers.Layers[i].Call(i == 0 ? images : maps[i - 1]);
        }

        return Array.ConvertAll(s_outputs, row => maps[row]);
    }

    private static MapLevel[] MapsOf(RRYoloV5Size size) =>
        [new(size.Channels(256), 8), new(size.Channels(512), 16), new(size.Channels(1024), 32)];

    private ConvModule Halve(int from, int to) =>
        RRYoloV5Size.Style.Conv(_size.Channels(from), _size.Channels(to), kernel: 3, stride: 2);
}
