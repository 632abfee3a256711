using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>What all YOLO heads of the reference read: classes, anchors, coder, losses, targets and decoding.</summary>
internal sealed class YoloHeadConfig
{
    // YOLOv3, arXiv:1804.02767, section 2.3, of COCO: the reference's defaults.
    private static readonly YoloLevel[] s_levels =
    [
        new() { Stride = 32, Anchors = [(116, 90), (156, 198), (373, 326)] },
        new() { Stride = 16, Anchors = [(30, 61), (62, 45), (59, 119)] },
        new() { Stride = 8, Anchors = [(10, 13), (16, 30), (33, 23)] },
    ];

    private readonly ConfigReader _reader;
    private readonly YoloAnchorGenerator _anchors;
    private readonly DenseHeadParts _parts;

    private YoloHeadConfig(ConfigReader reader, YoloAnchorGenerator anchors, DenseHeadParts parts) =>
        (_reader, _anchors, _parts) = (reader, anchors, parts);

    /// <summary>Of each level, in the order of the maps that come out.</summary>
    internal IReadOnlyList<int> Strides => [.. _anchors.Levels.Select(level => level.Stride)];

    /// <summary>Numbers per cell, A (5 + K).</summary>
    internal int Predictions => _anchors.AnchorsPerPlace[0] * (5 + _parts.ClassCount);

    /// <summary>Reads anchors, box coder, losses and thresholds, which all YOLO heads share.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    internal static YoloHeadConfig Read(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("init_cfg");
        var classes = reader.Positive("num_classes");
        var anchors = Anchors(reader, context.Parts);
        var coder = reader.NodeOrNull("bbox_coder") is { } node ? context.Parts.CellCoders.Build(node) : new YoloBBoxCoder();
        var smoothing = reader.Fraction("one_hot_smoother", 0);
        var losses = Losses(reader, context.Parts);
        var parts = new DenseHeadParts { ClassCount = classes };
        if (context.TrainConfig is { } train)
        {
            RequireEveryAnchor(train, context);
            var assigner = context.Parts.CellAssigners.Build(train.Node("assigner"));
            var targets = new YoloTargets(
                new() { ClassCount = classes, LabelSmoothing = smoothing }, anchors, assigner, coder);
            parts = parts with { Criterion = new YoloCriterion(targets, losses) };
        }

        if (context.TestConfig is { } test)
        {
            parts = parts with
            {
                Decoder = new YoloDecoder(anchors, coder, Decoder(test, classes)),
                Nms = MulticlassNmsOptions.FromConfig(test),
            };
        }

        return new(reader, anchors, parts);
    }

    /// <summary>Reads the node of a head whose layers are fixed.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="levels">How many levels the layers have.</param>
    internal static YoloHeadConfig ReadFixed(ConfigReader reader, HeadContext context, int levels)
    {
        reader.Ignore("conv_cfg", "norm_cfg", "act_cfg"); // as the reference: its layers are fixed
        var config = Read(reader, context);
        return config._anchors.Levels.Count == levels
            ? config
            : throw reader.Error(
                "featmap_strides", $"must have {levels} entries: {reader.TypeName} has {levels} levels, got " +
                $"{config._anchors.Levels.Count}. Give it the strides and anchors of {levels} levels.");
    }

    /// <summary>Reads a list of channels with one entry per level.</summary>
    internal int[] Channels(string key, int[]? missing = null)
    {
        var channels = missing is null ? _reader.Ints(key) : _reader.Ints(key, missing);
        new OptionCheck(_reader.TypeName, _reader.Error).RequirePositive(key, channels);
        return channels.Length == _anchors.Levels.Count
            ? channels
            : throw _reader.Error(
                key,
                $"must have one entry per level, got {channels.Length} for {_anchors.Levels.Count} levels of anchors. " +
                "Make it as long as the anchor generator's strides.");
    }

    /// <summary>The head with these layers.</summary>
    /// <param name="channels">Of the maps that come in.</param>
    /// <param name="network">Makes the layers.</param>
    /// <param name="strides">Of the maps that come in; null: of those that go out.</param>
    internal HeadPlan Plan(IReadOnlyList<int> channels, Func<HeadNetwork> network, IReadOnlyList<int>? strides = null) => new(
        inputs =>
        {
            MapLevel.RequireChannels(_reader, "in_channels", channels, inputs);
            MapLevel.RequireStrides(_reader, "featmap_strides", strides ?? Strides, inputs);
        },
        () => new DenseHead(network(), _parts));

    private static YoloAnchorGenerator Anchors(ConfigReader reader, PartTables tables)
    {
        var anchors = reader.NodeOrNull("anchor_generator") is { } node
            ? tables.CellAnchors.Build(node)
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

    private static void RequireEveryAnchor(ConfigReader train, HeadContext context)
    {
        train.Ignore("debug");
        if (train.NodeOrNull("sampler") is { } sampler
            && context.Parts.Samplers.Build(sampler, context.Choice) is not PseudoSampler)
        {
            throw train.Error("sampler", "must be a PseudoSampler: a YOLO head counts every anchor. Remove it.");
        }
    }

    private static YoloLosses Losses(ConfigReader reader, PartTables tables)
    {
        var defaults = new YoloLosses();
        return new()
        {
            Classes = tables.Loss(reader, "loss_cls", () => defaults.Classes),
            Objectness = tables.Loss(reader, "loss_conf", () => defaults.Objectness),
            Center = tables.Loss(reader, "loss_xy", () => defaults.Center),
            Size = tables.Loss(reader, "loss_wh", () => defaults.Size),
        };
    }

    private static YoloDecoderOptions Decoder(ConfigReader test, int classes)
    {
        test.Ignore("min_bbox_size"); // the reference's YOLO heads do not read it either
        return new()
        {
            ClassCount = classes,
            ObjectnessThreshold = test.Float("conf_thr", -1),
            CandidatesPerLevel = test.Int("nms_pre", -1),
        };
    }
}
