using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Builds the transforms that only some detectors use from configs.</summary>
internal static class AugmentationBuilder
{
    internal static RandomCrop RandomCrop(ConfigReader reader)
    {
        var (height, width) = reader.IntPair("crop_size");
        return height > 0 && width > 0
            ? new(height, width, reader.Bool("allow_negative_crop", false))
            : throw reader.Error("crop_size", $"must be positive, got ({height}, {width}). Correct it.");
    }

    internal static PhotoMetricDistortion PhotoMetricDistortion(ConfigReader reader)
    {
        var standard = new PhotoMetricDistortionOptions();
        return new(new PhotoMetricDistortionOptions
        {
            BrightnessDelta = reader.Float("brightness_delta", standard.BrightnessDelta),
            ContrastRange = reader.FloatPairOrNull("contrast_range") ?? standard.ContrastRange,
            SaturationRange = reader.FloatPairOrNull("saturation_range") ?? standard.SaturationRange,
            HueDelta = reader.Float("hue_delta", standard.HueDelta),
        });
    }

    internal static Expand Expand(ConfigReader reader)
    {
        reader.Ignore("seg_ignore_label");
        var (low, high) = reader.FloatPairOrNull("ratio_range") ?? (1, 4);
        return new(Bgr(reader, reader.Floats("mean", [0, 0, 0])), low, high, reader.Float("prob", 0.5));
    }

    internal static MinIoURandomCrop MinIoURandomCrop(ConfigReader reader) =>
        new(reader.Floats("min_ious", [0.1, 0.3, 0.5, 0.7, 0.9]), reader.Float("min_crop_size", 0.3));

    internal static CutOut CutOut(ConfigReader reader)
    {
        var holes = reader.IntPairOrOne("n_holes") ?? throw reader.Error("n_holes", "is missing. Add n_holes=1.");
        return new(new CutOutOptions
        {
            MinHoles = holes.First,
            MaxHoles = holes.Second,
            Shapes = reader.IntPairsOrNull("cutout_shape") ?? [],
            Ratios = Ratios(reader),
            Fill = reader.Floats("fill_in", [0, 0, 0]),
        });
    }

    internal static LetterResize LetterResize(ConfigReader reader)
    {
        reader.ChoiceOr("backend", "cv2", "cv2");
        var size = reader.IntPairOrOne("img_scale") ?? throw reader.Error("img_scale", "is missing. Add img_scale=(640, 640).");
        return new(new LetterResizeOptions
        {
            Height = size.First,
            Width = size.Second,
            Color = reader.Floats("color", [114, 114, 114]),
            Auto = reader.Bool("auto", true),
            Stride = Positive(reader, "stride", 64),
            ScaleFill = reader.Bool("scaleFill", false),
            ScaleUp = reader.Bool("scaleup", true),
            MoveBoxes = reader.Bool("move_boxes", false),
        });
    }

    internal static YoloV5KeepRatioResize YoloV5KeepRatioResize(ConfigReader reader)
    {
        var size = reader.IntPairOrOne("img_scale") ?? throw reader.Error("img_scale", "is missing. Add img_scale=640.");
        return new(size.First, size.Second);
    }

    internal static RandomCenterCropPad RandomCenterCropPad(ConfigReader reader)
    {
        var size = reader.IntPairOrNull("crop_size") ?? (0, 0);
        reader.Ignore("std");
        return new(new RandomCenterCropPadOptions
        {
            Height = size.First,
            Width = size.Second,
            Ratios = reader.Floats("ratios", [0.9, 1.0, 1.1]),
            Border = reader.Int("border", 128),
            Fill = Bgr(reader, reader.Floats("mean")),
            TestPad = TestPad(reader),
        });
    }

    private static int Positive(ConfigReader reader, string key, int missing)
    {
        var value = reader.Int(key, missing);
        return value > 0 ? value : throw reader.Error(key, $"must be positive, got {value}. Correct it.");
    }

    private static CenterPad? TestPad(ConfigReader reader)
    {
        var pad = reader.RawOrNull("test_pad_mode") as ConfigSequence;
        if (!reader.Bool("test_mode", false))
        {
            return null;
        }

        return pad switch
        {
            null => new(CenterPadMode.LogicalOr, 127),
            [ConfigScalar { Content: "logical_or" }, ConfigScalar { Content: long value }] =>
                new(CenterPadMode.LogicalOr, (int)value),
            [ConfigScalar { Content: "size_divisor" }, ConfigScalar { Content: long value and > 0 }] =>
                new(CenterPadMode.SizeDivisor, (int)value),
            _ => throw reader.Error("test_pad_mode", "must be ['logical_or', 127] or ['size_divisor', 32]. Correct it."),
        };
    }

    // Means are written in the order of the network's input; pictures are BGR until Normalize.
    private static double[] Bgr(ConfigReader reader, double[] mean) =>
        reader.Bool("to_rgb", true) ? [.. mean.Reverse()] : mean;

    private static (double Width, double Height)[] Ratios(ConfigReader reader) => reader.RawOrNull("cutout_ratio") switch
    {
        null => [],
        ConfigSequence { Count: > 0 } list when list[0] is ConfigSequence => [.. list.Select(pair => Pair(reader, pair))],
        var pair => [Pair(reader, pair)],
    };

    private static (double Width, double Height) Pair(ConfigReader reader, ConfigValue value) => value switch
    {
        ConfigSequence { Count: 2 } pair => (Number(reader, pair[0]), Number(reader, pair[1])),
        _ => throw reader.Error("cutout_ratio", $"must be pairs of floats, got {value}. Write cutout_ratio=(0.1, 0.1)."),
    };

    private static double Number(ConfigReader reader, ConfigValue value) => value switch
    {
        ConfigScalar { Content: double number } => number,
        ConfigScalar { Content: long number } => number,
        _ => throw reader.Error("cutout_ratio", $"must be pairs of floats, got {value}. Write cutout_ratio=(0.1, 0.1)."),
    };
}
