using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// What a YOLOv5 network consists of: its yaml file, and what the file leaves to the program's version.
/// </summary>
public sealed record YoloV5Options
{
    /// <summary>The number of classes, K: <c>nc</c>.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The factor of repeated blocks: <c>depth_multiple</c>.</summary>
    public double DepthMultiple { get; init; } = 1;

    /// <summary>The factor of channels: <c>width_multiple</c>.</summary>
    public double WidthMultiple { get; init; } = 1;

    /// <summary>Channels of the images: <c>ch</c>.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>(L) the anchors of each output map, the finest first, in pixels of the network's input.</summary>
    public required IReadOnlyList<IReadOnlyList<(float Width, float Height)>> Anchors { get; init; }

    /// <summary>The rows from the image to the last map of the backbone.</summary>
    public required IReadOnlyList<YoloV5Row> Backbone { get; init; }

    /// <summary>The rows after it; the last one is <c>Detect</c>.</summary>
    public required IReadOnlyList<YoloV5Row> Head { get; init; }

    /// <summary>The batch norm behind every convolution.</summary>
    public NormOptions Norm { get; init; } = new() { Epsilon = 1e-3, Momentum = 0.03 };

    /// <summary>Behind every norm: LeakyReLU(0.1) in v3.0, hard swish in v3.1, SiLU since v4.0.</summary>
    public ActivationOptions Activation { get; init; } = new() { Type = ActivationType.Silu };

    /// <summary>Behind the joined branches of a <c>BottleneckCSP</c>: LeakyReLU(0.1) up to v6.2, then SiLU.</summary>
    public ActivationOptions CspActivation { get; init; } = new() { Type = ActivationType.LeakyRelu, Slope = 0.1 };

    /// <summary>A * (5 + K): channels of each output map.</summary>
    internal int OutputChannels => Anchors[0].Count * (5 + ClassCount);

    /// <summary>Reads the lists of YOLOv5's yaml files under their own names.</summary>
    internal static YoloV5Options FromConfig(ConfigReader reader)
    {
        var defaults = new YoloV5Options { ClassCount = reader.Positive("nc"), Anchors = [], Backbone = [], Head = [] };
        return defaults with
        {
            DepthMultiple = reader.Positive("depth_multiple", 1.0),
            WidthMultiple = reader.Positive("width_multiple", 1.0),
            InChannels = reader.Positive("ch", defaults.InChannels),
            Anchors = ReadAnchors(reader),
            Backbone = Rows(reader, "backbone"),
            Head = Rows(reader, "head"),
            Norm = LayerConfig.Norm(reader) ?? defaults.Norm,
            Activation = LayerConfig.Activation(reader) ?? defaults.Activation,
            CspActivation = LayerConfig.Activation(reader, "csp_act_cfg") ?? defaults.CspActivation,
        };
    }

    // [[10, 13, 16, 30, 33, 23], ...] : widths and heights by turns, a list for each level.
    private static IReadOnlyList<(float Width, float Height)>[] ReadAnchors(ConfigReader reader)
    {
        const string advice = "must be a list of [width, height, width, height, ...] for each level, positive, as many in each";
        if (reader.Raw("anchors") is not ConfigSequence { Count: > 0 } levels)
        {
            throw reader.Error("anchors", $"{advice}, got {reader.Raw("anchors")}.");
        }

        IReadOnlyList<(float, float)>[] anchors = [.. levels.Select(level => Pairs(reader, level, advice))];
        return Array.TrueForAll(anchors, level => level.Count == anchors[0].Count && level.Count > 0)
            ? anchors
            : throw reader.Error("anchors", $"{advice}.");
    }

    private static (float Width, float Height)[] Pairs(ConfigReader reader, ConfigValue level, string advice) =>
        Plain(level) is object?[] numbers && numbers.Length % 2 == 0 && Array.TrueForAll(numbers, IsNumber)
            ? [.. numbers.Chunk(2).Select(pair => (Number(pair[0]), Number(pair[1])))]
            : throw reader.Error("anchors", $"{advice}, got {level}.");

    private static bool IsNumber(object? value) => value is long and > 0 or double and > 0;

    private static float Number(object? value) => value is long whole ? whole : (float)(double)value!;

    private static YoloV5Row[] Rows(ConfigReader reader, string key) => reader.Raw(key) is ConfigSequence rows
        ? [.. rows.Select((row, i) => Row(reader, key, (row, i)))]
        : throw reader.Error(key, "must be a list of [from, number, module, args]. Copy it from the yaml file.");

    private static YoloV5Row Row(ConfigReader reader, string key, (ConfigValue Value, int Index) row) =>
        Plain(row.Value) is object?[] and [var from, long number and > 0 and <= int.MaxValue, string module, object?[] arguments]
        && From(from) is { } inputs
            ? new(inputs, (int)number, module, arguments)
            : throw reader.Error(
                key, $"must hold [from, number, module, args], got {row.Value} as row {row.Index}. Correct it.");

    private static int[]? From(object? from) => from switch
    {
        object?[] { Length: > 0 } many when Array.TrueForAll(many, IsIndex) => Array.ConvertAll(many, item => (int)(long)item!),
        _ when IsIndex(from) => [(int)(long)from!],
        _ => null,
    };

    private static bool IsIndex(object? value) => value is long and >= int.MinValue and <= int.MaxValue;

    private static object? Plain(ConfigValue value) => value switch
    {
        ConfigSequence list => list.Select(Plain).ToArray(),
        ConfigScalar scalar => scalar.Content,
        _ => value,
    };
}
