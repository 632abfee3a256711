using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// YOLOv4's neck, pyramid pooling and path aggregation: Bochkovskiy et al., arXiv:2004.10934, section 3.4; darknet's
/// yolov4.cfg. Maps go in finest first and come out coarsest first. Keys: layers.N.NAME.*
/// </summary>
internal sealed class RRYoloV4DarkNeck : Neck, IDarknetNeck
{
    private readonly NamedSequential _top;
    private readonly FuseStage[] _fusions;

    /// <summary>Layers in the order in which they run.</summary>
    internal RRYoloV4DarkNeck()
    {
        _top = new(
            ("head_body0_0", DarknetBlocks.Squeezes("m", 1024, (512, 1024), 3)),
            ("spp", new PyramidPooling()),
            ("head_body0_1", DarknetBlocks.Squeezes("m", 2048, (512, 1024), 3)));
        _fusions =
        [
            FuseStage.TopDown("trans_0", "head_body1_0", 512),
            FuseStage.TopDown("trans_1", "head_body2_1", 256),
            FuseStage.BottomUp("trans_2", "head_body1_1", 128),
            FuseStage.BottomUp("trans_3", "head_body0_2", 256),
        ];
        RegisterChild("layers", new ModuleList<Module>([_top, .. _fusions]));
    }

    /// <summary>Reads <c>RRYoloV4DarkNeck</c>.</summary>
    internal static NeckPlan FromConfig(ConfigReader reader) => new(
        inputs =>
        {
            MapLevel.RequireChannels(reader, "type", [256, 512, 1024], inputs);
            return [new(512, inputs[2].Stride), new(256, inputs[1].Stride), new(128, inputs[0].Stride)];
        },
        () => new RRYoloV4DarkNeck());

    /// <inheritdoc/>
    public IReadOnlyList<DarknetStage> DarknetStages =>
        [new([_top, _fusions[0], _fusions[1]], 2), new([_fusions[2]], 1), new([_fusions[3]], 0)];

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        Levels.Require("RRYoloV4DarkNeck", features, 3);
        var top = _top.Call(features[2]); // H / 32
        var middle = _fusions[0].Call(features[1], top); // H / 16
        var fine = _fusions[1].Call(features[0], middle); // H / 8
        var middleOut = _fusions[2].Call(fine, middle); // H / 16
        return [_fusions[3].Call(middleOut, top), middleOut, fine];
    }
}
