using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;

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
    /// <param name="missingCoder">The coder where no <c>bbox_coder</c> is given; null: one without factors.</param>
    internal static AnchorHeadSetup FromConfig(
        ConfigReader reader, HeadContext context, AnchorGeneratorOptions missing,
        bool takesAll = false, bool comparesBoxes = false, IBBoxCoder? missingCoder = null)
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
        return Of(
            reader, context, options, anchors, (
                context.Parts.AnyLoss(reader, "loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)),
                context.Parts.AnyLoss(reader, "loss_bbox", () => new SmoothL1Loss(1.0 / 9))),
            missingCoder);
    }

    /// <summary>Reads what is left of a head's node when options, anchors and losses are known.</summary>
    /// <param name="reader">The node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="options">Classes, borders, weights.</param>
    /// <param name="anchors">Generates the anchors.</param>
    /// <param name="losses">Compare scores and boxes.</param>
    /// <param name="missingCoder">The coder where no <c>bbox_coder</c> is given; null: one without factors.</param>
    internal static AnchorHeadSetup Of(
        ConfigReader reader, HeadContext context, AnchorHeadOptions options, IAnchorGenerator anchors,
        (ILoss Classes, ILoss Boxes) losses, IBBoxCoder? missingCoder = null)
    {
        reader.Ignore("init_cfg");
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? context.Parts.Coders.Build(node)
            : missingCoder ?? new DeltaXYWHBBoxCoder();
        return new(options, anchors, coder, losses.Classes, losses.Boxes)
        {
            Composition = AnchorParts.FromConfig(context, options, anchors, coder),
        };
    }

    /// <summary>Fails unless one anchor stands at each place.</summary>
    /// <param name="reader">The head's node.</param>
    internal void RequireOneAnchor(ConfigReader reader) => new OptionCheck(reader.TypeName, reader.Error).Require(
        Anchors.AnchorsPerPlace.All(count => count == 1),
        "anchor_generator", "must put one anchor at a place", Anchors.AnchorsPerPlace.Max());

    /// <summary>Reads the layers before the last ones.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="norm">The norm where no <c>norm_cfg</c> is given.</param>
    internal TowerOptions Tower(ConfigReader reader, NormOptions? norm = null) => TowerOptions.FromConfig(reader, norm) with
    {
        LossStates = [.. LossStates("loss_cls", ClassLoss), .. LossStates("loss_bbox", BoxLoss)],
    };

    /// <summary>Composes criterion and decoder, where they are configured.</summary>
    /// <param name="criterion">Makes the criterion of the targets.</param>
    /// <param name="boxes">How boxes are predicted; null: by anchors and coder.</param>
    /// <param name="decoding">Changes how scores are read; null: as they are.</param>
    internal DenseHeadParts Parts(
        Func<AnchorTargets, ICriterion> criterion,
        IPlaceBoxes? boxes = null,
        Func<PlaceDecoderOptions, PlaceDecoderOptions>? decoding = null) =>
        Composition.Compose(criterion, boxes ?? new AnchorBoxes(Anchors, Coder), decoding);

    private static KeyValuePair<string, Module>[] LossStates(string key, ILoss loss) =>
        loss is IStatefulLoss stateful ? [new(key, stateful.State)] : [];
}
