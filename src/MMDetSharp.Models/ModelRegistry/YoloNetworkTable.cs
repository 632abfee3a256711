using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.Necks;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The parts of MMDetection's YOLOv3.</summary>
internal static class YoloNetworkTable
{
    internal static Darknet Darknet(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg"); // the engine reads it
        var defaults = new DarknetOptions();
        var options = defaults with
        {
            Depth = reader.Int("depth", defaults.Depth),
            OutIndices = reader.Ints("out_indices", [.. defaults.OutIndices]),
            FrozenStages = reader.Int("frozen_stages", defaults.FrozenStages),
            Norm = LayerConfig.NormOr(reader, defaults.Norm),
            Activation = LayerConfig.ActivationOr(reader, defaults.Activation),
            NormEval = reader.Bool("norm_eval", defaults.NormEval),
        };
        return Checked(reader, () => new Darknet(options));
    }

    internal static YoloV3Neck V3Neck(ConfigReader reader)
    {
        LayerConfig.RequirePlainConvolution(reader);
        reader.Ignore("init_cfg");
        var defaults = new YoloV3NeckOptions
        {
            InChannels = reader.Ints("in_channels"),
            OutChannels = reader.Ints("out_channels"),
        };
        var levels = reader.Int("num_scales");
        if (levels != defaults.InChannels.Count)
        {
            throw reader.Error(
                "num_scales",
                $"must be the number of in_channels, {defaults.InChannels.Count}, got {levels}. Correct one.");
        }

        var options = defaults with
        {
            Norm = LayerConfig.NormOr(reader, defaults.Norm),
            Activation = LayerConfig.ActivationOr(reader, defaults.Activation),
        };
        return Checked(reader, () => new YoloV3Neck(options));
    }

    /// <summary>Builds, and tells where in the config options contradict each other.</summary>
    internal static T Checked<T>(ConfigReader reader, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }
}
