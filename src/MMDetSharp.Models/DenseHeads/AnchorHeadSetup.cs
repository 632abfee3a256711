using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What the nodes of all anchor-based heads have in common: anchors, coder, losses, targets and decoding.</summary>
/// <param name="Options">Classes, borders, weights.</param>
/// <param name="Anchors">Generates the anchors.</param>
/// <param name="Coder">Encodes and decodes boxes.</param>
/// <param name="ClassLoss">Compares scores.</param>
/// <param name="BoxLoss">Compares boxes.</param>
internal sealed record AnchorHeadSetup(
    AnchorHeadOptions Options, IAnchorGenerator Anchors, IBBoxCoder Coder, ILoss ClassLoss, ILoss BoxLoss)
{
    private AnchorTargets? Targets { get; init; }

    private ConfigReader? TestConfig { get; init; }

    /// <summary>Reads a head's node.</summary>
    /// <param name="reader">The node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="missing">The anchors where no <c>anchor_generator</c> is given.</param>
    /// <param name="takesAll">Whether all anchors count, whatever the loss.</param>
    /// <param name="comparesBoxes">Whether targets are boxes, whatever the config says.</param>
    internal static AnchorHeadSetup FromConfig(
        ConfigReader reader, HeadContext context, AnchorGeneratorOptions missing,
        bool takesAll = false, bool comparesBoxes = false)
    {
        var anchors = reader.NodeOrNull("anchor_generator") is { } generator
            ? context.Parts.Anchors.Build(generator)
            : new AnchorGenerator(missing);
        var options = AnchorHeadOptions.FromConfig(reader, context.TrainConfig);
        options = options with
        {
            Sampling = options.Sampling && !takesAll,
            CompareBoxes = options.CompareBoxes || comparesBoxes,
        };
        return Of(reader, context, options, anchors, (
            context.Parts.Loss(reader, "loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)),
            context.Parts.Loss(reader, "loss_bbox", () => new SmoothL1Loss(1.0 / 9))));
    }

    /// <summary>Reads what is left of a head's node when options, anchors and losses are known.</summary>
    /// <param name="reader">The node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="options">Classes, borders, weights.</param>
    /// <param name="anchors">Generates the anchors.</param>
    /// <param name="losses">Compare scores and boxes.</param>
    internal static AnchorHeadSetup Of(
        ConfigReader reader, HeadContext context, AnchorHeadOptions options, IAnchorGenerator anchors,
        (ILoss Classes, ILoss Boxes) losses)
    {
        reader.Ignore("init_cfg");
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? context.Parts.Coders.Build(node)
            : new DeltaXYWHBBoxCoder();
        return new(options, anchors, coder, losses.Classes, losses.Boxes)
        {
            Targets = context.TrainConfig is { } train
                ? new(options, anchors, Assigner(train, context), Sampler(train, context, options), coder)
                : null,
            TestConfig = context.TestConfig,
        };
    }

    /// <summary>Composes criterion and decoder, where they are configured.</summary>
    /// <param name="criterion">Makes the criterion of the targets.</param>
    /// <param name="boxes">How boxes are predicted; null: by anchors and coder.</param>
    /// <param name="decoding">Changes how scores are read; null: as they are.</param>
    internal DenseHeadParts Parts(
        Func<AnchorTargets, ICriterion> criterion,
        IPlaceBoxes? boxes = null,
        Func<PlaceDecoderOptions, PlaceDecoderOptions>? decoding = null)
    {
        var parts = new DenseHeadParts
        {
            ClassCount = Options.ClassCount,
            Criterion = Targets is null ? null : criterion(Targets),
        };
        if (TestConfig is null)
        {
            return parts;
        }

        var options = PlaceDecoderOptions.FromConfig(TestConfig, Options.ClassCount) with
        {
            SigmoidScores = Options.SigmoidScores,
        };
        return parts with
        {
            Decoder = new PlaceDecoder(decoding?.Invoke(options) ?? options, boxes ?? new AnchorBoxes(Anchors, Coder)),
            Nms = MulticlassNmsOptions.FromConfig(TestConfig),
        };
    }

    private static IAssigner Assigner(ConfigReader train, HeadContext context)
    {
        train.Ignore("debug", "sampler");
        return context.Parts.Assigners.Build(train.Node("assigner"));
    }

    private static ISampler Sampler(ConfigReader train, HeadContext context, AnchorHeadOptions options) =>
        options.Sampling && train.NodeOrNull("sampler") is { } node ? context.Parts.Samplers.Build(node) : new PseudoSampler();
}
