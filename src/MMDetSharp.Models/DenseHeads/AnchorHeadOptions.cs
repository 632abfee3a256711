using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What targets, losses and decoding of an anchor-based head agree on.</summary>
public sealed record AnchorHeadOptions
{
    // These weigh easy anchors themselves: as the reference, they leave out the sampler.
    private static readonly string[] s_selfWeighing = ["FocalLoss", "GHMC", "QualityFocalLoss"];

    /// <summary>The number of classes, K, without background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether each class is scored by its own sigmoid; else a softmax over K + 1, the last one background.</summary>
    public bool SigmoidScores { get; init; } = true;

    /// <summary>Whether the box loss compares boxes instead of encoded ones.</summary>
    public bool CompareBoxes { get; init; }

    /// <summary>Whether only sampled anchors count; else all do, and the positives are the number to average by.</summary>
    public bool Sampling { get; init; }

    /// <summary>Anchors may reach so many pixels over the image's edge in training; below 0: any number.</summary>
    public double AllowedBorder { get; init; } = -1;

    /// <summary>The weight of a positive anchor's score; 0 or less: 1.</summary>
    public double PositiveWeight { get; init; } = -1;

    /// <summary>Scores per anchor, C: K, or K + 1 with background.</summary>
    public int ScoreCount => SigmoidScores ? ClassCount : ClassCount + 1;

    /// <summary>Reads what all anchor-based heads have in common: coder, losses, targets and decoding.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="anchors">Makes the anchors.</param>
    internal static (AnchorHeadOptions Options, DenseHeadParts Parts) FromConfig(
        ConfigReader reader, HeadContext context, IAnchorGenerator anchors)
    {
        reader.Ignore("init_cfg");
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? context.Parts.Coders.Build(node)
            : new DeltaXYWHBBoxCoder();
        var options = Read(reader, context.TrainConfig);
        var classLoss = context.Parts.Loss(reader, "loss_cls", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid));
        var boxLoss = context.Parts.Loss(reader, "loss_bbox", () => new SmoothL1Loss(1.0 / 9));
        var parts = new DenseHeadParts { ClassCount = options.ClassCount };
        if (context.TrainConfig is { } train)
        {
            var targets = Targets(train, (options, anchors, coder), context.Parts);
            parts = parts with { Criterion = new AnchorCriterion(targets, classLoss, boxLoss, coder) };
        }

        if (context.TestConfig is { } test)
        {
            test.Ignore("min_bbox_size"); // the reference's anchor heads do not read it either
            parts = parts with
            {
                Decoder = new AnchorDecoder(options, anchors, coder, test.Int("nms_pre", -1)),
                Nms = MulticlassNmsOptions.FromConfig(test),
            };
        }

        return (options, parts);
    }

    private static AnchorHeadOptions Read(ConfigReader reader, ConfigReader? train)
    {
        var loss = reader.NodeOrNull("loss_cls");
        var options = new AnchorHeadOptions
        {
            ClassCount = reader.Positive("num_classes"),
            SigmoidScores = loss is null || loss.Bool("use_sigmoid", false),
            Sampling = loss is null || !s_selfWeighing.Contains(loss.TypeName),
            CompareBoxes = reader.Bool("reg_decoded_bbox", false),
        };
        return options with
        {
            AllowedBorder = train?.Float("allowed_border", options.AllowedBorder) ?? options.AllowedBorder,
            PositiveWeight = train?.Float("pos_weight", options.PositiveWeight) ?? options.PositiveWeight,
        };
    }

    private static AnchorTargets Targets(
        ConfigReader train, (AnchorHeadOptions Options, IAnchorGenerator Anchors, IBBoxCoder Coder) head, PartTables tables)
    {
        train.Ignore("debug", "sampler");
        var assigner = tables.Assigners.Build(train.Node("assigner"));
        var sampler = head.Options.Sampling && train.NodeOrNull("sampler") is { } node
            ? tables.Samplers.Build(node)
            : new PseudoSampler();
        return new AnchorTargets(head.Options, head.Anchors, assigner, sampler, head.Coder);
    }
}
