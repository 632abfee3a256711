using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Necks;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The necks by their names in configs.</summary>
internal static class NeckTable
{
    /// <summary>The table.</summary>
    internal static Registry<Neck> Necks { get; } = new("neck", new()
    {
        ["FPN"] = FeaturePyramid,
        ["YOLOV3Neck"] = YoloNetworkTable.V3Neck,
        ["RRDarkNeck"] = reader => new RRDarkNeck(reader.Int("input_channels", 32)),
        ["RRYoloV4DarkNeck"] = _ => new RRYoloV4DarkNeck(),
    });

    /// <summary>Builds the neck, or the list of necks, under a key; null where it is missing or None.</summary>
    internal static Neck? Build(ConfigReader reader, string key)
    {
        if (!reader.Has(key))
        {
            return null;
        }

        var isList = reader.Raw(key) is ConfigSequence;
        var necks = reader.NodesOrOne(key).Select(Necks.Build).ToArray();
        return isList ? new NeckSequence(necks) : necks[0];
    }

    private static FeaturePyramid FeaturePyramid(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg");
        try
        {
            return new FeaturePyramid(Options(reader));
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

    private static FeaturePyramidOptions Options(ConfigReader reader) => new()
    {
        InChannels = reader.Ints("in_channels"),
        OutChannels = reader.Int("out_channels"),
        LevelCount = reader.Int("num_outs"),
        StartLevel = reader.Int("start_level", 0),
        EndLevel = reader.Int("end_level", -1),
        ExtraConvs = ReadExtraConvs(reader),
        ReluBeforeExtraConvs = reader.Bool("relu_before_extra_convs", false),
        NoNormOnLateral = reader.Bool("no_norm_on_lateral", false),
        Norm = LayerConfig.Norm(reader),
        Activation = LayerConfig.Activation(reader),
        UpsampleFactor = UpsampleFactor(reader),
    };

    // As the reference: True means on_input, unless the older extra_convs_on_inputs=False says on_output.
    private static ExtraConvs ReadExtraConvs(ConfigReader reader)
    {
        var onInputs = reader.Bool("extra_convs_on_inputs", true);
        if (reader.RawOrNull("add_extra_convs") is ConfigScalar { Kind: ConfigKind.String })
        {
            return reader.Choice("add_extra_convs", "on_input", "on_lateral", "on_output") switch
            {
                "on_input" => ExtraConvs.OnInput,
                "on_lateral" => ExtraConvs.OnLateral,
                _ => ExtraConvs.OnOutput,
            };
        }

        var adds = reader.Bool("add_extra_convs", false);
        return !adds ? ExtraConvs.None : onInputs ? ExtraConvs.OnInput : ExtraConvs.OnOutput;
    }

    private static double? UpsampleFactor(ConfigReader reader)
    {
        if (reader.NodeOrNull("upsample_cfg") is not { } node)
        {
            return null;
        }

        node.ChoiceOr("mode", "nearest", "nearest");
        var factor = node.FloatOrNull("scale_factor");
        node.Done();
        return factor;
    }
}
