using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Reads what all anchor-based heads have in common.</summary>
internal static class AnchorHeadConfig
{
    private static readonly string[] s_losses = ["FocalLoss", "GHMC", "QualityFocalLoss"];

    /// <summary>Reads coder, losses, targets and decoding.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="anchors">Makes the anchors.</param>
    internal static AnchorHeadParts Read(ConfigReader reader, HeadContext context, IAnchorGenerator anchors)
    {
        reader.Ignore("init_cfg");
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? BBoxCoderTable.Coders.Build(node)
            : new DeltaXYWHBBoxCoder();
        var options = Options(reader, context.TrainConfig);
        return new AnchorHeadParts
        {
            Options = options,
            Anchors = anchors,
            Targets = context.TrainConfig is { } train ? Targets(train, options, anchors, coder) : null,
            Loss = new AnchorLoss(options, ClassLoss(reader), BoxLoss(reader), coder),
            Decoder = context.TestConfig is { } test ? new AnchorDecoder(options, coder, Decoder(test)) : null,
        };
    }

    private static AnchorHeadOptions Options(ConfigReader reader, ConfigReader? train)
    {
        var loss = reader.NodeOrNull("loss_cls");
        var options = new AnchorHeadOptions
        {
            ClassCount = reader.Int("num_classes"),
            SigmoidScores = loss is null || loss.Bool("use_sigmoid", false),
            Sampling = loss is null || !s_losses.Contains(loss.TypeName),
            CompareBoxes = reader.Bool("reg_decoded_bbox", false),
        };
        return options.ClassCount <= 0
            ? throw reader.Error("num_classes", $"must be positive, got {options.ClassCount}. Count the classes.")
            : options with
            {
                AllowedBorder = train?.Float("allowed_border", options.AllowedBorder) ?? options.AllowedBorder,
                PositiveWeight = train?.Float("pos_weight", options.PositiveWeight) ?? options.PositiveWeight,
            };
    }

    private static AnchorTargets Targets(
        ConfigReader train, AnchorHeadOptions options, IAnchorGenerator anchors, IBBoxCoder coder)
    {
        // As the reference: a loss that weighs easy anchors itself leaves out the sampler.
        train.Ignore("debug", "sampler");
        var assigner = AssignerTable.Assigners.Build(train.Node("assigner"));
        var sampler = options.Sampling && train.NodeOrNull("sampler") is { } node
            ? SamplerTable.Samplers.Build(node)
            : new PseudoSampler();
        return new AnchorTargets(options, anchors, assigner, sampler, coder);
    }

    private static ILoss ClassLoss(ConfigReader reader) => reader.NodeOrNull("loss_cls") is { } node
        ? LossTable.Losses.Build(node)
        : new CrossEntropyLoss(CrossEntropyMode.Sigmoid);

    private static ILoss BoxLoss(ConfigReader reader) => reader.NodeOrNull("loss_bbox") is { } node
        ? LossTable.Losses.Build(node)
        : new SmoothL1Loss(1.0 / 9);

    private static AnchorDecoderOptions Decoder(ConfigReader test)
    {
        test.Ignore("min_bbox_size"); // the reference's anchor heads do not read it either
        return new() { CandidatesPerLevel = test.Int("nms_pre", -1), Nms = NmsConfig.Multiclass(test) };
    }
}
