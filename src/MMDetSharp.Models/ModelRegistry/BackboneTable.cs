using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The backbones by their names in configs.</summary>
internal static class BackboneTable
{
    /// <summary>The table.</summary>
    internal static Registry<Backbone> Backbones { get; } = new("backbone", new()
    {
        ["ResNet"] = reader => ResNet(reader, isV1d: false),
        ["ResNetV1d"] = reader => ResNet(reader, isV1d: true),
        ["Darknet"] = YoloNetworkTable.Darknet,
        ["RRDarknet53"] = RRNetworkTable.Darknet53,
        ["RRCSPDarknet53"] = RRNetworkTable.CspDarknet53,
        ["RRTinyYolov3Backbone"] = _ => StagedBackbone.TinyV3(),
        ["RRTinyYolov4Backbone"] = _ => new RRTinyYolov4Backbone(),
        ["RRYoloV5Backbone"] = RRNetworkTable.V5Backbone,
    });

    private static ResNet ResNet(ConfigReader reader, bool isV1d)
    {
        LayerConfig.RequirePlainConvolution(reader);
        LayerConfig.Refuse(reader, "dcn");
        LayerConfig.Refuse(reader, "plugins");

        // stage_with_dcn says nothing without dcn. with_cp saves memory by computing twice: the values are the same
        // without. The engine reads init_cfg.
        reader.Ignore("stage_with_dcn", "with_cp", "init_cfg");
        try
        {
            return new ResNet(Options(reader, isV1d));
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

    private static ResNetOptions Options(ConfigReader reader, bool isV1d)
    {
        var defaults = new ResNetOptions { Depth = reader.Int("depth") };
        return defaults with
        {
            InChannels = reader.Int("in_channels", defaults.InChannels),
            StemChannels = reader.IntOrNull("stem_channels"),
            BaseChannels = reader.Int("base_channels", defaults.BaseChannels),
            StageCount = reader.Int("num_stages", defaults.StageCount),
            Strides = reader.Ints("strides", [.. defaults.Strides]),
            Dilations = reader.Ints("dilations", [.. defaults.Dilations]),
            OutIndices = reader.Ints("out_indices", [.. defaults.OutIndices]),
            Style = reader.ChoiceOr("style", "pytorch", "pytorch", "caffe") == "caffe"
                ? ResNetStyle.Caffe
                : ResNetStyle.PyTorch,
            DeepStem = isV1d || reader.Bool("deep_stem", defaults.DeepStem),
            AverageDown = isV1d || reader.Bool("avg_down", defaults.AverageDown),
            FrozenStages = reader.Int("frozen_stages", defaults.FrozenStages),
            Norm = LayerConfig.Norm(reader) ?? defaults.Norm,
            NormEval = reader.Bool("norm_eval", defaults.NormEval),
            ZeroInitResidual = reader.Bool("zero_init_residual", defaults.ZeroInitResidual),
        };
    }
}
