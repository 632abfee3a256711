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
    /// <param name="defaults">What the head takes where its node says nothing, and what its paper fixes.</param>
    internal static AnchorHeadSetup FromConfig(ConfigReader reader, HeadContext context, AnchorHeadDefaults defaults)
    {
        reader.Ignore("init_cfg");
        var anchors = reader.NodeOrNull("anchor_generator") is { } generator
            ? context.Parts.Anchors.Build(generator)
            : new AnchorGenerator(defaults.Anchors);
        var coder = context.Parts.Coder(reader, defaults.Coder);
        var options = AnchorHeadOptions.FromConfig(reader, context.TrainConfig);
        options = options with
        {
            Sampling = options.Sampling && !defaults.TakesAll,
            CompareBoxes = options.CompareBoxes || defaults.ComparesBoxes,
        };
        return new(
            options, anchors, coder,
            Loss("loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)),
            Loss("loss_bbox", () => new SmoothL1Loss(1.0 / 9)))
        {
            Composition = AnchorParts.FromConfig(context, options, anchors, coder),
        };

        ILoss Loss(string key, Func<ILoss> missing) => defaults.TakesStatefulLosses
            ? context.Parts.AnyLoss(reader, key, missing)
            : context.Parts.Loss(reader, key, missing);
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

/// <summary>What an anchor-based head takes where its node says nothing, and what its paper fixes.</summary>
/// <param name="Anchors">The anchors.</param>
internal sealed record AnchorHeadDefaults(AnchorGeneratorOptions Anchors)
{
    /// <summary>Encodes and decodes boxes; null: without factors.</summary>
    internal IBBoxCoder? Coder { get; init; }

    /// <summary>Whether all anchors count, whatever the loss.</summary>
    internal bool TakesAll { get; init; }

    /// <summary>Whether targets are boxes, whatever the config says.</summary>
    internal bool ComparesBoxes { get; init; }

    /// <summary>Whether its criterion can call losses that remember, each once a level.</summary>
    internal bool TakesStatefulLosses { get; init; }
}
