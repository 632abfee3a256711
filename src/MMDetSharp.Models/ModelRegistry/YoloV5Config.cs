using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.DenseHeads.YoloV5;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>
/// Reads <c>model=dict(type='YOLOv5', ...)</c>: the lists of YOLOv5's yaml files under their own names.
/// </summary>
internal static class YoloV5Config
{
    /// <summary>Reads rows, anchors, thresholds and losses, and builds the detector.</summary>
    internal static YoloV5Detector Build(ConfigReader reader, HeadContext context)
    {
        var options = Options(reader);
        var pretrained = reader.StringOrNull("pretrained");
        reader.Ignore("init_cfg");
        var decoding = context.TestConfig is { } test ? Decoding(test) : null;
        var loss = reader.NodeOrNull("loss");
        Func<IReadOnlyList<YoloLevel>, ICriterion>? criterion =
            loss is null ? null : levels => YoloCriterionTable.Criteria.Build(loss, levels);
        return new YoloV5Detector(options, decoding, criterion) { Pretrained = pretrained };
    }

    private static YoloV5Options Options(ConfigReader reader)
    {
        var defaults = new YoloV5Options { ClassCount = reader.Positive("nc"), Anchors = [], Backbone = [], Head = [] };
        return defaults with
        {
            DepthMultiple = reader.Positive("depth_multiple", 1.0),
            WidthMultiple = reader.Positive("width_multiple", 1.0),
            InChannels = reader.Positive("ch", defaults.InChannels),
            Anchors = Anchors(reader),
            Backbone = Rows(reader, "backbone"),
            Head = Rows(reader, "head"),
            Norm = LayerConfig.Norm(reader) ?? defaults.Norm,
            Activation = LayerConfig.Activation(reader) ?? defaults.Activation,
            CspActivation = LayerConfig.Activation(reader, "csp_act_cfg") ?? defaults.CspActivation,
        };
    }

    private static YoloV5DecoderOptions Decoding(ConfigReader test)
    {
        var defaults = new YoloV5DecoderOptions();
        var nms = test.NodeOrNull("nms") is { } node ? NmsOptions.FromConfig(node) : null;
        return defaults with
        {
            ScoreThreshold = test.Fraction("score_thr", defaults.ScoreThreshold),
            IoUThreshold = nms?.IoUThreshold ?? defaults.IoUThreshold,
            ClassAgnostic = nms?.ClassAgnostic ?? false,
            MultiLabel = test.Bool("multi_label", defaults.MultiLabel),
            MaxCandidates = test.Positive("nms_pre", defaults.MaxCandidates),
            MaxPerImage = test.Int("max_per_img", defaults.MaxPerImage),
        };
    }

    // [[10, 13, 16, 30, 33, 23], ...] : widths and heights by turns, a list for each level.
    private static IReadOnlyList<(float Width, float Height)>[] Anchors(ConfigReader reader)
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
