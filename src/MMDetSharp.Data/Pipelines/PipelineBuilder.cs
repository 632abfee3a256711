using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Builds pipelines from configs.</summary>
public static class PipelineBuilder
{
    private static readonly Registry<ITransform> s_transforms = new("transform", new()
    {
        ["LoadImageFromFile"] = LoadImageFromFile,
        ["LoadAnnotations"] = LoadAnnotations,
        ["Resize"] = Resize,
        ["DarknetResize"] = DarknetResize,
        ["RandomFlip"] = RandomFlip,
        ["Normalize"] = Normalize,
        ["Pad"] = Pad,
        ["DefaultFormatBundle"] = _ => new DefaultFormatBundle(),
        ["ImageToTensor"] = reader => new ImageToTensor(reader.Strings("keys")),
        ["Collect"] = reader => new Collect(reader.Strings("keys"), reader.StringsOrNull("meta_keys")),
        ["MultiScaleFlipAug"] = MultiScaleFlipAug,
        ["RandomCrop"] = AugmentationBuilder.RandomCrop,
        ["PhotoMetricDistortion"] = AugmentationBuilder.PhotoMetricDistortion,
        ["Expand"] = AugmentationBuilder.Expand,
        ["MinIoURandomCrop"] = AugmentationBuilder.MinIoURandomCrop,
        ["CutOut"] = AugmentationBuilder.CutOut,
        ["LetterResize"] = AugmentationBuilder.LetterResize,
        ["YOLOv5KeepRatioResize"] = AugmentationBuilder.YoloV5KeepRatioResize,
        ["RandomCenterCropPad"] = AugmentationBuilder.RandomCenterCropPad,
        ["Mosaic"] = MixingBuilder.Mosaic,
        ["RandomAffine"] = MixingBuilder.RandomAffine,
        ["YOLOv5RandomAffine"] = MixingBuilder.YoloV5RandomAffine,
        ["MixUp"] = MixingBuilder.MixUp,
        ["YOLOv5MixUp"] = MixingBuilder.YoloV5MixUp,
        ["YOLOXHSVRandomAug"] = MixingBuilder.YoloXHsv,
        ["YOLOv5HSVRandomAug"] = MixingBuilder.YoloV5Hsv,
    });

    /// <summary>The transforms that configs may name.</summary>
    public static IReadOnlyCollection<string> Names => s_transforms.Names;

    /// <summary>A pipeline from a config's list of steps, such as <c>data.train.pipeline</c>.</summary>
    /// <param name="steps">One node per step: <c>config.Nodes("pipeline")</c>.</param>
    /// <exception cref="ConfigException">A step is unknown, or its options are; the message tells file and line.</exception>
    public static Pipeline Build(IReadOnlyList<ConfigReader> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return new Pipeline([.. steps.Select(BuildStep)]);
    }

    /// <summary>
    /// The pipeline that a data set's node describes. For a <c>MultiImageMixDataset</c>, also inside other wrappers:
    /// the inner data set's pipeline, then its own, which may mix pictures of the whole data set.
    /// </summary>
    /// <param name="node">Such as <c>data.train</c>.</param>
    /// <param name="dataset">The images that may be mixed.</param>
    /// <exception cref="ConfigException">A step is unknown, or its options are; the message tells file and line.</exception>
    public static ITransform ForDataset(ConfigReader node, IDetectionDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (MixNode(node) is not { } mix)
        {
            return Build(DatasetBuilder.Pipeline(node));
        }

        var skipped = mix.StringsOrNull("skip_type_keys") ?? [];
        return new MixPipeline(
            dataset,
            Build(DatasetBuilder.Pipeline(mix.Node("dataset"))),
            Build([.. mix.Nodes("pipeline").Where(step => !skipped.Contains(step.TypeName))]));
    }

    /// <summary>One transform.</summary>
    internal static ITransform BuildStep(ConfigReader reader)
    {
        try
        {
            return s_transforms.Build(reader);
        }
        catch (PipelineException error)
        {
            throw new ConfigException(reader.Origin, error.Message);
        }
    }

    private static ConfigReader? MixNode(ConfigReader node) =>
        node.TypeName == "MultiImageMixDataset" ? node
        : node.NodeOrNull("dataset") is { } inner ? MixNode(inner)
        : node.NodesOrNull("datasets") is [var first, ..] ? MixNode(first)
        : null;

    private static LoadImageFromFile LoadImageFromFile(ConfigReader reader)
    {
        RequireDisk(reader);
        var mode = reader.ChoiceOr("color_type", "color", "color", "grayscale", "unchanged");
        return new(Enum.Parse<ColorMode>(mode, ignoreCase: true), reader.Bool("to_float32", false));
    }

    private static LoadAnnotations LoadAnnotations(ConfigReader reader)
    {
        RequireDisk(reader);
        reader.Ignore("poly2mask");
        foreach (var key in (string[])["with_mask", "with_seg"])
        {
            if (reader.Bool(key, false))
            {
                throw reader.Error(
                    key, "must be False: MMDetSharp detects boxes and reads no masks. Remove it, and the heads that need it.");
            }
        }

        return new(reader.Bool("with_bbox", true), reader.Bool("with_label", true));
    }

    private static Resize Resize(ConfigReader reader)
    {
        reader.ChoiceOr("backend", "cv2", "cv2");
        return new(new ResizeOptions
        {
            Scales = Scales(reader),
            MultiscaleMode = reader.ChoiceOr("multiscale_mode", "range", "range", "value") == "value"
                ? MultiscaleMode.Value
                : MultiscaleMode.Range,
            RatioRange = reader.FloatPairOrNull("ratio_range"),
            KeepRatio = reader.Bool("keep_ratio", true),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Override = reader.Bool("override", false),
        });
    }

    private static DarknetResize DarknetResize(ConfigReader reader)
    {
        var (width, height) = reader.IntPairOrOne("size") ?? throw reader.Error("size", "is missing. Write size=(416, 416).");
        return width > 0 && height > 0
            ? new(width, height, reader.Bool("letter_box", false))
            : throw reader.Error("size", $"must be positive, got ({width}, {height}). Correct it.");
    }

    private static RandomFlip RandomFlip(ConfigReader reader)
    {
        var directions = Directions(reader, "direction");
        if (!reader.Has("flip_ratio"))
        {
            return new();
        }

        return reader.RawOrNull("flip_ratio") is ConfigSequence
            ? new(reader.Floats("flip_ratio"), directions)
            : new(reader.Float("flip_ratio"), directions);
    }

    private static Normalize Normalize(ConfigReader reader) => new(new NormConfig
    {
        Mean = Singles(reader.Floats("mean")),
        Std = Singles(reader.Floats("std")),
        ToRgb = reader.Bool("to_rgb", true),
    });

    private static Pad Pad(ConfigReader reader)
    {
        var fill = reader.FloatsOrOne("pad_val") ?? [];
        var size = reader.IntPairOrNull("size");
        var divisor = reader.IntOrNull("size_divisor");
        return (size, divisor) switch
        {
            ({ } fixedSize, null) => Pipelines.Pad.ToSize(fixedSize.First, fixedSize.Second, fill),
            (null, { } multiple) => Pipelines.Pad.ToMultiple(multiple, fill),
            _ => throw new PipelineException("Pad: one of size and size_divisor must be set. Write size_divisor=32."),
        };
    }

    private static MultiScaleFlipAug MultiScaleFlipAug(ConfigReader reader)
    {
        var transforms = Build(reader.Nodes("transforms"));
        var directions = Directions(reader, "flip_direction");
        var flips = reader.Bool("flip", false) ? directions : [];
        var factors = reader.FloatsOrOne("scale_factor");
        var scales = Scales(reader);
        if (scales.Count > 0 == (factors is not null))
        {
            throw new PipelineException(
                "MultiScaleFlipAug: one of img_scale and scale_factor must be set. Write img_scale=(1333, 800).");
        }

        return factors is null
            ? Pipelines.MultiScaleFlipAug.AtScales(transforms, scales, flips)
            : Pipelines.MultiScaleFlipAug.AtFactors(transforms, factors, flips);
    }

    private static void RequireDisk(ConfigReader reader)
    {
        if (reader.NodeOrNull("file_client_args") is { } client)
        {
            client.ChoiceOr("backend", "disk", "disk");
            client.Done();
        }
    }

    private static List<ImageScale> Scales(ConfigReader reader) =>
        [.. (reader.IntPairsOrNull("img_scale") ?? []).Select(pair => new ImageScale(pair.First, pair.Second))];

    private static FlipDirection[] Directions(ConfigReader reader, string key)
    {
        var names = reader.StringsOrOne(key) ?? ["horizontal"];
        return [.. names.Select(name => name switch
        {
            "horizontal" => FlipDirection.Horizontal,
            "vertical" => FlipDirection.Vertical,
            "diagonal" => FlipDirection.Diagonal,
            _ => throw reader.Error(key, $"must be of horizontal, vertical and diagonal, got '{name}'. Correct it."),
        })];
    }

    private static float[] Singles(double[] values) => Array.ConvertAll(values, value => (float)value);
}
