using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// YOLOv3's neck in Darknet's own layout: arXiv:1804.02767, section 2.3; darknet's yolov3.cfg. Maps go in and come out
/// coarsest first. Keys: layers.N.NAME.*
/// </summary>
internal sealed class RRDarkNeck : Neck, IDarknetNeck
{
    private readonly ModuleList<NamedSequential> _layers;

    /// <param name="channels">Behind the backbone's first convolution.</param>
    internal RRDarkNeck(int channels = 32)
    {
        _layers = RegisterChild("layers", new ModuleList<NamedSequential>(
            new(("head_body_1", Body(channels * 32, channels * 16))),
            new(("trans_1", DarknetBlocks.Transition(channels * 16))),
            new(("head_body_2", Body(channels * 24, channels * 8))),
            new(("trans_2", DarknetBlocks.Transition(channels * 8))),
            new(("head_body_3", Body(channels * 12, channels * 4)))));
    }

    /// <summary>Reads <c>RRDarkNeck</c>.</summary>
    internal static NeckPlan FromConfig(ConfigReader reader)
    {
        var channels = reader.Int("input_channels", 32);
        new OptionCheck("RRDarkNeck", reader.Error).RequirePositive("input_channels", channels);
        return NeckPlan.OfSameStrides(
            reader, "input_channels", [channels * 32, channels * 16, channels * 8],
            [channels * 16, channels * 8, channels * 4], () => new RRDarkNeck(channels));
    }

    /// <inheritdoc/>
    public IReadOnlyList<DarknetStage> DarknetStages =>
        [new([_layers[0]], 0), new([_layers[1], _layers[2]], 1), new([_layers[3], _layers[4]], 2)];

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        Levels.Require("RRDarkNeck", features, 3);
        var coarse = _layers[0].Call(features[0]);
        var middle = Refine(1, coarse, features[1]);
        return [coarse, middle, Refine(3, middle, features[2])];
    }

    private Tensor Refine(int layer, Tensor coarse, Tensor fine)
    {
        using var doubled = _layers[layer].Call(coarse);
        using var both = Tensor.Cat(1, doubled, fine);
        return _layers[layer + 1].Call(both);
    }

    private static NamedSequential Body(int inChannels, int narrow) =>
        DarknetBlocks.Squeezes("feature", inChannels, (narrow, 2 * narrow), 5);
}
