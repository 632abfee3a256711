using MMDetSharp.Core.Darknet;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Models.Detectors.Darknet;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Builds <c>dict(type='DarknetDetector', cfg='yolov4.cfg')</c>.</summary>
internal static class DarknetTable
{
    internal static DarknetDetector Detector(ConfigReader reader, HeadContext context)
    {
        var cfg = Cfg(reader);
        var network = DarknetBuilder.Build(reader.Has("num_classes") ? cfg.WithClasses(reader.Positive("num_classes")) : cfg);
        var test = context.TestConfig;
        var defaults = new DarknetDecoderOptions();
        var options = test is null ? defaults : defaults with
        {
            ScoreThreshold = test.Fraction("score_thr", defaults.ScoreThreshold),
            NmsThreshold = test.Fraction("nms_thr", defaults.NmsThreshold),
            ClipBorder = test.Bool("clip_border", defaults.ClipBorder),
        };
        return new DarknetDetector(network, options, Criterion(reader, network, context));
    }

    // The cfg says how its layers learn; that they shall is train_cfg's word, as for other detectors.
    private static DarknetCriterion? Criterion(ConfigReader reader, DarknetNetwork network, HeadContext context)
    {
        List<YoloLayerOptions> layers = [.. network.Detections.Select(layer => layer.Yolo).OfType<YoloLayerOptions>()];
        if (context.TrainConfig is null || layers.Count != network.Detections.Count() || layers.Count == 0)
        {
            return null;
        }

        try
        {
            return new DarknetCriterion(layers);
        }
        catch (ArgumentException error)
        {
            throw reader.Error("cfg", error.Message);
        }
    }

    // A path, from the working folder or the config's; or, with line breaks, the cfg itself.
    private static DarknetConfig Cfg(ConfigReader reader)
    {
        var cfg = reader.String("cfg");
        var origin = reader.Raw("cfg").Origin;
        if (cfg.Contains('\n', StringComparison.Ordinal))
        {
            return DarknetConfig.Parse(cfg, origin.File, Math.Max(origin.Line, 1));
        }

        var beside = Path.Combine(Path.GetDirectoryName(origin.File) ?? "", cfg);
        var file = !File.Exists(cfg) && File.Exists(beside) ? beside : cfg;
        return File.Exists(file)
            ? DarknetConfig.Load(file)
            : throw reader.Error("cfg", $"must name a Darknet cfg, but there is no file {cfg}. Check the path.");
    }
}
