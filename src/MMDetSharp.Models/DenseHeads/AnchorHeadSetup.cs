using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;

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
    /// <summary>Targets and decoding.</summary>
    internal required AnchorParts Composition { get; init; }

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
        reader.Ignore("init_cfg");
        var anchors = reader.NodeOrNull("anchor_generator") is { } generator
            ? context.Parts.Anchors.Build(generator)
            : new AnchorGenerator(missing);
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? context.Parts.Coders.Build(node)
            : new DeltaXYWHBBoxCoder();
        var options = AnchorHeadOptions.FromConfig(reader, context.TrainConfig);
        options = options with
        {
            Sampling = options.Sampling && !takesAll,
            CompareBoxes = options.CompareBoxes || comparesBoxes,
        };
        return new(
            options, anchors, coder,
            context.Parts.Loss(reader, "loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)),
            context.Parts.Loss(reader, "loss_bbox", () => new SmoothL1Loss(1.0 / 9)))
        {
            Composition = AnchorParts.FromConfig(context, options, anchors, coder),
        };
    }

    /// <summary>Composes criterion and decoder, where they are configured.</summary>
    /// <param name="criterion">Makes the criterion of the targets.</param>
    /// <param name="boxes">How boxes are predicted; null: by anchors and coder.</param>
    /// <param name="decoding">Changes how scores are read; null: as they are.</param>
    internal DenseHeadParts Parts(
        Func<AnchorTargets, ICriterion> criterion,
        IPlaceBoxes? boxes = null,
        Func<PlaceDecoderOptions, PlaceDecoderOptions>? decoding = null) =>
        Composition.Compose(criterion, boxes ?? new AnchorBoxes(Anchors, Coder), decoding);
}
