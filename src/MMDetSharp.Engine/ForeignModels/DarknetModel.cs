using MMDetSharp.Core.Darknet;
using MMDetSharp.Models.Detectors;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>A model of Darknet: <c>.cfg</c> and <c>.weights</c>, used as AlexeyAB's program uses them.</summary>
internal static class DarknetModel
{
    // detector.c: test_detector (and its option -thresh), validate_detector.
    private const double ShownScore = 0.25;
    private const double ShownOverlap = 0.45;
    private const double EvaluatedScore = 0.001;
    private const double EvaluatedOverlap = 0.6;

    /// <summary>The row of the table.</summary>
    internal static ForeignFormat Format { get; } = new(".cfg", ".weights", Describe, TryLoadWeights);

    /// <summary>The config of a network that stays in its cfg file.</summary>
    internal static string Describe(string path, ForeignModelOptions options)
    {
        var network = DarknetConfig.Load(path);
        return Describe(network, ForeignText.Quote(path), ForeignNames.Find(path, ClassCount(network), options), options);
    }

    /// <summary>The config of a network.</summary>
    /// <param name="network">Its cfg.</param>
    /// <param name="cfg">The config's <c>cfg</c>, in quotes: a path, or the cfg's whole text.</param>
    /// <param name="classes">The names of its classes.</param>
    /// <param name="options">Task and data.</param>
    internal static string Describe(
        DarknetConfig network, string cfg, IReadOnlyList<string> classes, ForeignModelOptions options)
    {
        var net = network.Net;
        var (width, height) = (net.Int("width", 0), net.Int("height", 0));
        var isGrey = net.Int("channels", 0) == 1;
        var score = options.ScoreThreshold ?? (options.ForEvaluation ? EvaluatedScore : ShownScore);
        return $"""
            model = dict(type='DarknetDetector', cfg={cfg})
            test_cfg = dict(
                score_thr={ForeignText.Number(score)},
                nms_thr={ForeignText.Number(options.ForEvaluation ? EvaluatedOverlap : ShownOverlap)},
                clip_border={ForeignText.Bool(options.ForEvaluation)})
            test_pipeline = [
                dict(type='LoadImageFromFile', color_type='{(isGrey ? "grayscale" : "color")}'),
                dict(type='DarknetResize', size=({width}, {height}), letter_box={ForeignText.Bool(net.Flag("letter_box"))}),
                dict(type='Normalize', mean={(isGrey ? "[0]" : "[0, 0, 0]")}, std={(isGrey ? "[255]" : "[255, 255, 255]")},
                     to_rgb={ForeignText.Bool(!isGrey)}),
                dict(type='ImageToTensor', keys=['img']),
                dict(type='Collect', keys=['img']),
            ]
            {ForeignText.Data(classes, options)}

            """;
    }

    /// <summary>The classes of the detection layers.</summary>
    internal static int ClassCount(DarknetConfig network) =>
        network.Layers.LastOrDefault(layer => layer.Type is "yolo" or "region") is { } detection
            ? detection.Count("classes", 20)
            : throw network.Net.Error("describes no detector: a section [yolo] or [region] is needed. Name its cfg.");

    private static bool TryLoadWeights(Detector model, string path)
    {
        DarknetWeights.Load(model, path);
        return true;
    }
}
