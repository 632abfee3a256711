using System.Text.Json;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>Builds the transforms of recorded cases from their recorded options, as a config would.</summary>
internal static class RecordedTransforms
{
    internal static bool IsKnown(string type) => PipelineBuilder.Names.Contains(type);

    internal static ITransform Build(JsonElement cfg) =>
        PipelineBuilder.BuildStep(new ConfigReader(Config.Parse(cfg.GetRawText(), "recorded.json").Root));

    internal static NormConfig Norm(JsonElement cfg) => new()
    {
        Mean = Floats(cfg.GetProperty("mean")),
        Std = Floats(cfg.GetProperty("std")),
        ToRgb = !cfg.TryGetProperty("to_rgb", out var rgb) || rgb.GetBoolean(),
    };

    internal static IReadOnlyList<ImageScale> Scales(JsonElement scales) =>
        [.. scales.EnumerateArray().Select(scale => new ImageScale(scale[0].GetInt32(), scale[1].GetInt32()))];

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetSingle())];
}
