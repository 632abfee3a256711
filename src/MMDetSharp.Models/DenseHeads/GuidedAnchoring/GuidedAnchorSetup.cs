using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>What the nodes of all heads with guided anchors have in common: all but the layers.</summary>
/// <param name="Options">Classes, borders, weights.</param>
/// <param name="Squares">One square at every place.</param>
/// <param name="LocationThreshold">Places where an anchor is less probable are left out.</param>
/// <param name="Parts">Criterion and decoder.</param>
internal sealed record GuidedAnchorSetup(
    AnchorHeadOptions Options, IAnchorGenerator Squares, double LocationThreshold, DenseHeadParts Parts)
{
    // As the reference: width and height may change by any factor; the limit only keeps them finite.
    private const double ShapeClip = 1e-6;

    // The reference's, for the levels of a region proposal network.
    private static readonly AnchorGeneratorOptions s_anchors = new()
    {
        Strides = [(4, 4), (8, 8), (16, 16), (32, 32), (64, 64)],
        Ratios = [0.5f, 1, 2],
        OctaveBaseScale = 8,
        ScalesPerOctave = 3,
    };

    /// <summary>Reads a head's node.</summary>
    /// <param name="reader">The node.</param>
    /// <param name="context">What stands beside it.</param>
    internal static GuidedAnchorSetup FromConfig(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("init_cfg");
        var places = ApproximateAnchors.FromConfig(reader, context, s_anchors);
        var coder = context.Parts.Coder(reader);
        var anchors = new GuidedAnchors(places.Squares, AnchorCoder(reader));
        var options = AnchorHeadOptions.FromConfig(reader, context.TrainConfig);
        var threshold = reader.Fraction("loc_filter_thr", 0.01);
        var losses = Losses(reader, context);
        var classes = context.Parts.Loss(reader, "loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid));
        var boxes = context.Parts.Loss(reader, "loss_bbox", () => new SmoothL1Loss());
        var parts = AnchorParts.FromConfig(context, options, places.Squares, coder, places.Approximations);
        return new(options, places.Squares, threshold, parts.Compose(
            predictions => new GuidedAnchorCriterion(
                anchors, Targets(reader, context, (places, anchors), predictions), new(predictions, classes, boxes), losses),
            new GuidedBoxes(anchors, coder, new(threshold))));
    }

    private static DeltaXYWHBBoxCoder AnchorCoder(ConfigReader reader)
    {
        if (reader.NodeOrNull("anchor_coder") is not { } node)
        {
            return new(wideHighRatioClip: ShapeClip);
        }

        node.Choice("type", "DeltaXYWHBBoxCoder");
        var coder = DeltaXYWHBBoxCoder.FromConfig(node, ShapeClip);
        node.Done();
        return coder;
    }

    private static GuidedAnchorTargets Targets(
        ConfigReader reader, HeadContext context, (ApproximateAnchors Places, GuidedAnchors Anchors) made, AnchorTargets predictions)
    {
        var (train, places) = (context.TrainConfig!, made.Places);
        var sampler = train.NodeOrNull("ga_sampler") is { } node ? context.AnchorSampler(node) : null;
        var shapes = new AnchorTargets(
            predictions.Options with { CompareBoxes = true, Sampling = sampler is not null },
            places.Squares, context.Parts.Assigners.Build(train.Node("ga_assigner")), sampler ?? new PseudoSampler(), coder: null)
        {
            Approximations = places.Approximations,
        };
        var locations = new LocationTargetOptions
        {
            Strides = Strides(reader, places.Squares),
            AnchorScale = places.Scale,
            CenterRatio = train.Fraction("center_ratio"),
            IgnoreRatio = train.Fraction("ignore_ratio"),
        };
        return new(made.Anchors, new(locations), shapes, predictions);
    }

    private static int[] Strides(ConfigReader reader, IAnchorGenerator squares)
    {
        new OptionCheck(reader.TypeName, reader.Error).Require(
            squares.Strides.All(stride => stride.X == stride.Y), ApproximateAnchors.SquareKey,
            "must have equal strides in x and y", string.Join(", ", squares.Strides));
        return [.. squares.Strides.Select(stride => stride.X)];
    }

    private static GuidedAnchorLosses Losses(ConfigReader reader, HeadContext context)
    {
        var check = new OptionCheck(reader.TypeName, reader.Error);
        var location = reader.NodeOrNull("loss_loc");
        check.Require(
            location is null || location.Bool("use_sigmoid", location.TypeName == "FocalLoss"), "loss_loc",
            "must have use_sigmoid=True, since a place has an anchor or has none", false);
        var losses = new GuidedAnchorLosses(
            context.Parts.Loss(reader, "loss_loc", () => new FocalLoss()),
            context.Parts.Loss(reader, "loss_shape", () => new BoundedIoULoss()))
        {
            LearnsCenters = reader.ChoiceOr("loc_labels", "reference", "reference", "paper") == "paper",
        };

        // Only positive squares are compared: of the others there are no single losses.
        check.Require(
            losses.Shape.Reduction.Reduction == Reduction.Mean, "loss_shape", "must have the reduction Mean",
            losses.Shape.Reduction.Reduction);
        return losses;
    }
}
