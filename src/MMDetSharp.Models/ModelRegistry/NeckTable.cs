using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Necks;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The necks by their names in configs.</summary>
internal static class NeckTable
{
    /// <summary>Config name to the function that reads its node.</summary>
    internal static Registry<NeckPlan> Necks { get; } = new("neck", new()
    {
        ["FPN"] = FeaturePyramid.FromConfig,
        ["BFP"] = BalancedFeaturePyramid.FromConfig,
        ["YOLOV3Neck"] = YoloV3Neck.FromConfig,
        ["RRDarkNeck"] = RRDarkNeck.FromConfig,
        ["RRYoloV4DarkNeck"] = RRYoloV4DarkNeck.FromConfig,
    });

    /// <summary>Reads the neck, or the list of necks, under a key; null where it is missing or None.</summary>
    internal static NeckPlan? Build(ConfigReader reader, string key)
    {
        if (!reader.Has(key))
        {
            return null;
        }

        var isList = reader.Raw(key) is ConfigSequence;
        var necks = reader.NodesOrOne(key).Select(Necks.Build).ToArray();
        return necks.Length == 0
            ? throw reader.Error(key, "must be a neck or a list of necks, got an empty list. Set it to None.")
            : isList ? NeckSequence.Plan(necks) : necks[0];
    }
}
