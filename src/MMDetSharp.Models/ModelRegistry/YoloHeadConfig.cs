using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Reads what all YOLO heads of the reference have in common.</summary>
internal static class YoloHeadConfig
{
    // YOLOv3, arXiv:1804.02767, section 2.3, of COCO: the reference's defaults.
    private static readonly YoloLevel[] s_levels =
    [
        new() { Stride = 32, Anchors = [(116, 90), (156, 198), (373, 326)] },
        new() { Stride = 16, Anchors = [(30, 61), (62, 45), (59, 119)] },
        new() { Stride = 8, Anchors = [(10, 13), (16, 30), (33, 23)] },
    ];

    /// <summary>Reads classes, anchors, coder, losses, targets and decoding.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    internal static YoloHeadParts Read(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("init_cfg");
        var classes = reader.Int("num_classes");
        if (classes <= 0)
        {
            throw reader.Error("num_classes", $"must be positive, got {classes}. Count the classes.");
        }

        var anchors = Anchors(reader);
        var coder = reader.NodeOrNull("bbox_coder") is { } node ? YoloPartTable.Coders.Build(node) : new YoloBBoxCoder();
        var targets = new YoloTargetOptions { ClassCount = classes, LabelSmoothing = reader.Float("one_hot_smoother", 0) };
        var loss = Loss(reader);
        return new YoloHeadParts
        {
            ClassCount = classes,
            Anchors = anchors,
            Criterion = context.TrainConfig is { } train
                ? new GridCriterion(Targets(train, targets, anchors, coder), loss)
                : null,
            Decoder = context.TestConfig is { } test ? new YoloDecoder(anchors, coder, Decoder(test, classes)) : null,
        };
    }

    /// <summary>Reads a list of channels with one entry per level.</summary>
    internal static int[] Channels(ConfigReader reader, string key, YoloAnchorGenerator anchors, int[]? missing = null)
    {
        var channels = missing is null ? reader.Ints(key) : reader.Ints(key, missing);
        return channels.Length == anchors.Levels.Count
            ? channels
            : throw reader.Error(
                key,
                $"must have one entry per level, got {channels.Length} for {anchors.Levels.Count} levels of anchors. " +
                "Make it as long as the anchor generator's strides.");
    }

    /// <summary>Checks that there are as many levels as a head of fixed layers has.</summary>
    internal static YoloHeadParts RequireLevels(ConfigReader reader, YoloHeadParts parts, int count) =>
        parts.Anchors.Levels.Count == count
            ? parts
            : throw reader.Error(
                "featmap_strides", $"must have {count} entries: {reader.TypeName} has {count} levels, got " +
                $"{parts.Anchors.Levels.Count}. Give it the strides and anchors of {count} levels.");

    /// <summary>Numbers per cell, A (5 + K).</summary>
    internal static int Predictions(YoloHeadParts parts) => parts.Anchors.AnchorsPerPlace[0] * (5 + parts.ClassCount);

    private static YoloAnchorGenerator Anchors(ConfigReader reader)
    {
        var anchors = reader.NodeOrNull("anchor_generator") is { } node
            ? YoloPartTable.Anchors.Build(node)
            : new YoloAnchorGenerator(s_levels);
        var (strides, expected) = (
            reader.Ints("featmap_strides", [32, 16, 8]), anchors.Levels.Select(level => level.Stride).ToArray());
        return strides.SequenceEqual(expected)
            ? anchors
            : throw reader.Error(
                "featmap_strides",
                $"must be the anchor generator's strides, [{string.Join(", ", expected)}], " +
                $"got [{string.Join(", ", strides)}]. Write the same list in both places.");
    }

    private static YoloTargets Targets(
        ConfigReader train, YoloTargetOptions options, YoloAnchorGenerator anchors, IYoloBBoxCoder coder)
    {
        train.Ignore("debug");
        if (train.NodeOrNull("sampler") is { } sampler && SamplerTable.Samplers.Build(sampler) is not PseudoSampler)
        {
            throw train.Error("sampler", "must be a PseudoSampler: a YOLO head counts every anchor. Remove it.");
        }

        return new YoloTargets(options, anchors, YoloPartTable.Assigners.Build(train.Node("assigner")), coder);
    }

    private static YoloLoss Loss(ConfigReader reader) => new()
    {
        Classes = Loss(reader, "loss_cls") ?? new CrossEntropyLoss(CrossEntropyMode.Sigmoid),
        Objectness = Loss(reader, "loss_conf") ?? new CrossEntropyLoss(CrossEntropyMode.Sigmoid),
        Center = Loss(reader, "loss_xy") ?? new CrossEntropyLoss(CrossEntropyMode.Sigmoid),
        Size = Loss(reader, "loss_wh") ?? new MseLoss(),
    };

    private static ILoss? Loss(ConfigReader reader, string key) =>
        reader.NodeOrNull(key) is { } node ? LossTable.Losses.Build(node) : null;

    private static YoloDecoderOptions Decoder(ConfigReader test, int classes)
    {
        test.Ignore("min_bbox_size"); // the reference's YOLO heads do not read it either
        return new()
        {
            ClassCount = classes,
            ObjectnessThreshold = test.Float("conf_thr", -1),
            CandidatesPerLevel = test.Int("nms_pre", -1),
            Nms = NmsConfig.Multiclass(test),
        };
    }
}
