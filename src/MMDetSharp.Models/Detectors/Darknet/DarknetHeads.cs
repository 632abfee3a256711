using MMDetSharp.Core.Darknet;
using MMDetSharp.Models.DenseHeads.Darknet;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>The sections that find objects (parser.c, parse_yolo and parse_region).</summary>
internal static class DarknetHeads
{
    internal static DarknetLayer Yolo(DarknetBuilder builder, DarknetSection section)
    {
        section.Ignore(DarknetKeys.Yolo);
        var options = Options(section);
        Add(builder, section, new(options.Classes, options.Mask.Count) { Yolo = options });
        return new PassingLayer(builder.Previous, builder.PreviousShape);
    }

    internal static DarknetLayer Region(DarknetBuilder builder, DarknetSection section)
    {
        section.Ignore(DarknetKeys.Region);
        if (section.Has("tree"))
        {
            throw section.Error("tree", "asks for a tree of classes (YOLO9000), which is not supported. Use YOLOv2.");
        }

        if (section.Int("coords", 4) != 4)
        {
            throw section.Error("coords", $"must be 4, got {section.Int("coords", 4)}: only boxes are supported.");
        }

        var count = section.Count("num", 1);
        var options = new RegionLayerOptions
        {
            Classes = section.Count("classes", 20),
            Anchors = Anchors(section, count, missing: 0.5f),
            Softmax = section.Flag("softmax"),
            ClassFix = section.Int("classfix", 0),
        };
        Add(builder, section, new(options.Classes, count) { Region = options });
        return new PassingLayer(builder.Previous, builder.PreviousShape);
    }

    private static YoloLayerOptions Options(DarknetSection section)
    {
        // Official cfgs have masks beyond num, to anchors that are written all the same.
        var total = Math.Max(section.Count("num", 1), section.Floats("anchors").Length / 2);
        var defaults = new YoloLayerOptions { Anchors = Anchors(section, total, 0.5f), Mask = Mask(section, total) };
        return defaults with
        {
            Classes = section.Count("classes", defaults.Classes),
            ScaleXY = section.Float("scale_x_y", defaults.ScaleXY),
            NewCoords = section.Flag("new_coords"),
            IgnoreThreshold = section.Float("ignore_thresh", defaults.IgnoreThreshold),
            TruthThreshold = section.Float("truth_thresh", defaults.TruthThreshold),
            IouThreshold = section.Float("iou_thresh", defaults.IouThreshold),
            IouLoss = section.Choice("iou_loss", defaults.IouLoss, "mse", "iou", "giou", "diou", "ciou"),
            IouNormalizer = section.Float("iou_normalizer", defaults.IouNormalizer),
            ObjectnessNormalizer = section.Float("obj_normalizer", defaults.ObjectnessNormalizer),
            ClassNormalizer = section.Float("cls_normalizer", defaults.ClassNormalizer),
            MaxDelta = section.Float("max_delta", defaults.MaxDelta),
            LabelSmoothing = section.Float("label_smooth_eps", defaults.LabelSmoothing),
            FocalLoss = section.Flag("focal_loss"),
            NmsKind = section.Choice("nms_kind", defaults.NmsKind, "default", "greedynms", "diounms"),
            BetaNms = section.Float("beta_nms", defaults.BetaNms),
        };
    }

    private static (float Width, float Height)[] Anchors(DarknetSection section, int count, float missing)
    {
        var numbers = section.Floats("anchors");
        if (numbers.Length == 0)
        {
            return [.. Enumerable.Repeat((missing, missing), count)];
        }

        return numbers.Length >= 2 * count
            ? [.. numbers.Chunk(2).Take(count).Select(pair => ((float)pair[0], (float)pair[1]))]
            : throw section.Error(
                "anchors", $"must hold width and height of num={count} anchors, {2 * count} numbers, got {numbers.Length}. " +
                "Correct one of them.");
    }

    private static int[] Mask(DarknetSection section, int count)
    {
        var mask = section.Ints("mask");
        return Array.Exists(mask, anchor => anchor < 0 || anchor >= count)
            ? throw section.Error("mask", $"must name anchors of 0 to {count - 1}, got {string.Join(", ", mask)}. Correct it.")
            : mask.Length > 0 ? mask
            : [.. Enumerable.Range(0, count)];
    }

    private static void Add(DarknetBuilder builder, DarknetSection section, DetectionLayerOptions options)
    {
        var (input, expected) = (builder.PreviousShape, options.Anchors * (5 + options.Classes));
        if (input.Channels != expected)
        {
            throw section.Error(
                $"needs {options.Anchors} anchors x (5 + {options.Classes} classes) = {expected} channels, the layer before " +
                $"gives {input.Channels}. Set its filters={expected}, or correct classes and mask.");
        }

        builder.AddDetection(section, options);
    }
}
