using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Builds the transforms of YOLO's and YOLOX's trainings from configs.</summary>
internal static class MixingBuilder
{
    internal static Mosaic Mosaic(ConfigReader reader)
    {
        var standard = new MosaicOptions();
        var (height, width) = Size(reader, (standard.Height, standard.Width));
        reader.Ignore("use_cached", "max_cached_images", "random_pop", "max_refetch");
        return new(standard with
        {
            Height = height,
            Width = width,
            CenterRange = reader.FloatPairOrNull("center_ratio_range") ?? standard.CenterRange,
            Fill = reader.Float("pad_val", standard.Fill),
            Probability = Probability(reader, standard.Probability),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            MinBoxSize = MinSize(reader),
        });
    }

    internal static RandomAffine RandomAffine(ConfigReader reader) => Affine(reader, new());

    /// <summary>YOLOv5's own: around the centre, boxes filtered, as its hyper-parameters say.</summary>
    internal static RandomAffine YoloV5RandomAffine(ConfigReader reader) => Affine(reader, new RandomAffineOptions
    {
        MaxRotation = 0,
        MaxTranslation = 0.1,
        Scaling = (0.5, 1.5),
        MaxShear = 0,
        AroundCentre = true,
        Filter = new BoxFilter(MinSize: 2, MinAreaRatio: 0.1, MaxAspectRatio: 20),
    });

    internal static MixUp MixUp(ConfigReader reader)
    {
        var standard = new MixUpOptions();
        var (height, width) = Size(reader, (standard.Height, standard.Width));
        return new(standard with
        {
            Height = height,
            Width = width,
            RatioRange = reader.FloatPairOrNull("ratio_range") ?? standard.RatioRange,
            FlipRatio = reader.Float("flip_ratio", standard.FlipRatio),
            Fill = reader.Float("pad_val", standard.Fill),
            MaxDraws = reader.Int("max_iters", standard.MaxDraws),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Filter = Filter(reader, new BoxFilter(MinSize: 5), isOn: false),
        });
    }

    internal static YoloV5MixUp YoloV5MixUp(ConfigReader reader)
    {
        var (alpha, beta) = (reader.Int("alpha", 32), reader.Int("beta", 32));
        return alpha == beta && alpha > 0
            ? new(alpha, Probability(reader, 1), PipelineBuilder.Build(reader.NodesOrNull("pre_transform") ?? []))
            : throw reader.Error("alpha", $"must be equal to beta and above 0, got {alpha} and {beta}. Correct it.");
    }

    internal static RandomHsv YoloXHsv(ConfigReader reader) => new(
        HsvDraw.Sum,
        reader.Float("hue_delta", 5),
        reader.Float("saturation_delta", 30),
        reader.Float("value_delta", 30));

    internal static RandomHsv YoloV5Hsv(ConfigReader reader) => new(
        HsvDraw.Factor,
        reader.Float("hue_delta", 0.015),
        reader.Float("saturation_delta", 0.7),
        reader.Float("value_delta", 0.4));

    private static RandomAffine Affine(ConfigReader reader, RandomAffineOptions standard)
    {
        var (height, width) = reader.IntPairOrNull("border") ?? (0, 0);
        return new(standard with
        {
            MaxRotation = reader.Float("max_rotate_degree", standard.MaxRotation),
            MaxTranslation = reader.Float("max_translate_ratio", standard.MaxTranslation),
            Scaling = reader.FloatPairOrNull("scaling_ratio_range") ?? standard.Scaling,
            MaxShear = reader.Float("max_shear_degree", standard.MaxShear),
            BorderHeight = height,
            BorderWidth = width,
            Fill = reader.Floats("border_val", [114, 114, 114]),
            ClipBoxes = reader.Bool("bbox_clip_border", true),
            Filter = Filter(reader, standard.Filter ?? new BoxFilter(), isOn: standard.Filter is not null),
        });
    }

    private static BoxFilter? Filter(ConfigReader reader, BoxFilter standard, bool isOn)
    {
        var filter = new BoxFilter(
            reader.Float("min_bbox_size", standard.MinSize),
            reader.Float("min_area_ratio", standard.MinAreaRatio),
            reader.Float("max_aspect_ratio", standard.MaxAspectRatio));
        return reader.Bool("skip_filter", !isOn) ? null : filter;
    }

    private static double? MinSize(ConfigReader reader)
    {
        var size = reader.Float("min_bbox_size", 0);
        return reader.Bool("skip_filter", true) ? null : size;
    }

    private static (int Height, int Width) Size(ConfigReader reader, (int Height, int Width) standard)
    {
        var (height, width) = reader.IntPairOrOne("img_scale") is { } size ? (size.First, size.Second) : standard;
        return height > 0 && width > 0
            ? (height, width)
            : throw reader.Error("img_scale", $"must be positive, got ({height}, {width}). Correct it.");
    }

    private static double Probability(ConfigReader reader, double standard)
    {
        var probability = reader.Float("prob", standard);
        return probability is >= 0 and <= 1
            ? probability
            : throw reader.Error("prob", $"must be within 0 and 1, got {probability}. Correct it.");
    }
}
