using System.Text.Json;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>Builds the transforms of recorded cases from their recorded options.</summary>
internal static class RecordedTransforms
{
    internal static IReadOnlyList<string> Known { get; } = ["Resize", "RandomFlip", "Normalize", "Pad"];

    internal static ITransform Build(JsonElement cfg) => cfg.GetProperty("type").GetString() switch
    {
        "Resize" => new Resize(ResizeOptions(cfg)),
        "RandomFlip" => RandomFlip(cfg),
        "Normalize" => new Normalize(Norm(cfg)),
        "Pad" => Pad(cfg),
        var type => throw new NotSupportedException(type),
    };

    internal static NormConfig Norm(JsonElement cfg) => new()
    {
        Mean = Floats(cfg.GetProperty("mean")),
        Std = Floats(cfg.GetProperty("std")),
        ToRgb = !cfg.TryGetProperty("to_rgb", out var rgb) || rgb.GetBoolean(),
    };

    internal static IReadOnlyList<ImageScale> Scales(JsonElement scales) => scales[0].ValueKind == JsonValueKind.Number
        ? [new(scales[0].GetInt32(), scales[1].GetInt32())]
        : [.. scales.EnumerateArray().Select(scale => new ImageScale(scale[0].GetInt32(), scale[1].GetInt32()))];

    private static ResizeOptions ResizeOptions(JsonElement cfg) => new()
    {
        Scales = cfg.TryGetProperty("img_scale", out var scales) ? Scales(scales) : [],
        KeepRatio = cfg.GetProperty("keep_ratio").GetBoolean(),
        MultiscaleMode = cfg.TryGetProperty("multiscale_mode", out var mode) && mode.GetString() == "value"
            ? MultiscaleMode.Value : MultiscaleMode.Range,
        RatioRange = cfg.TryGetProperty("ratio_range", out var range)
            ? (range[0].GetDouble(), range[1].GetDouble()) : null,
    };

    private static RandomFlip RandomFlip(JsonElement cfg)
    {
        if (!cfg.TryGetProperty("flip_ratio", out var ratio))
        {
            return new RandomFlip();
        }

        var directions = cfg.TryGetProperty("direction", out var direction) ? Texts(direction) : ["horizontal"];
        var flips = directions.Select(name => Enum.Parse<FlipDirection>(name, ignoreCase: true)).ToList();
        return ratio.ValueKind == JsonValueKind.Array
            ? new RandomFlip([.. ratio.EnumerateArray().Select(value => value.GetDouble())], flips)
            : new RandomFlip(ratio.GetDouble(), flips);
    }

    private static Pad Pad(JsonElement cfg)
    {
        double[] fill = cfg.TryGetProperty("pad_val", out var value) ? [value.GetDouble()] : [];
        return cfg.TryGetProperty("size", out var size)
            ? MMDetSharp.Data.Pipelines.Pad.ToSize(size[0].GetInt32(), size[1].GetInt32(), fill)
            : MMDetSharp.Data.Pipelines.Pad.ToMultiple(cfg.GetProperty("size_divisor").GetInt32(), fill);
    }

    private static string[] Texts(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? [value.GetString()!]
        : [.. value.EnumerateArray().Select(text => text.GetString()!)];

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetSingle())];
}
