using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Ssd;

/// <summary>
/// SSD's predictors: on each map one 3x3 layer of scores and one of boxes, of its own: Liu et al., "SSD: Single Shot MultiBox
/// Detector", arXiv:1512.02325, section 2.1. Keys: reg_convs.N, cls_convs.N.
/// </summary>
public sealed class SsdHead : HeadNetwork
{
    private readonly ModuleList<Conv2d> _boxes;
    private readonly ModuleList<Conv2d> _classes;

    /// <param name="options">Channels and anchors of each map.</param>
    public SsdHead(SsdHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _boxes = RegisterChild("reg_convs", Predictors(options, 4));
        _classes = RegisterChild("cls_convs", Predictors(options, options.ScoreCount));
    }

    /// <summary>Reads <c>SSDHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("init_cfg");
        var settings = new AnchorHeadOptions
        {
            ClassCount = reader.Positive("num_classes", 80),
            SigmoidScores = false,
            CompareBoxes = reader.Bool("reg_decoded_bbox", false),
        }.With(context.TrainConfig);
        var (anchors, coder) = (context.Parts.Anchors.Build(reader.Node("anchor_generator")), context.Parts.Coder(reader));
        var boxLoss = new SmoothL1Loss(context.TrainConfig?.Positive("smoothl1_beta", 1.0) ?? 1);
        var negatives = context.TrainConfig?.NotNegative("neg_pos_ratio", 3) ?? 3;
        var parts = AnchorParts.FromConfig(context, settings, anchors, coder).Compose(
            targets => new SsdCriterion(targets, (new CrossEntropyLoss(), boxLoss), negatives), new AnchorBoxes(anchors, coder));
        var options = new SsdHeadOptions
        {
            InChannels = reader.Ints("in_channels", [512, 1024, 512, 256, 256, 256]),
            AnchorsPerPlace = anchors.AnchorsPerPlace,
            ScoreCount = settings.ScoreCount,
        };
        new OptionCheck(reader.TypeName, reader.Error).RequireCount(
            "in_channels", options.InChannels.Count, anchors.Strides.Count, "stride of anchor_generator");
        return HeadPlan.OfAnchors(
            reader, options.InChannels, anchors, () => new DenseHead(new SsdHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns><c>cls_score</c> (B, A (K + 1), H, W) and <c>bbox_pred</c> (B, A 4, H, W) of each level.</returns>
    public override MapSet Forward(Tensor[] features) => MapSet.PerLevel(
        ["cls_score", "bbox_pred"], features, (feature, level) => [_classes[level].Call(feature), _boxes[level].Call(feature)]);

    /// <summary>Section 3: Glorot's rule; as the reference, its uniform form. Biases 0.</summary>
    public override void InitWeights(Generator generator)
    {
        foreach (var predictor in _boxes.Concat(_classes))
        {
            Initializers.XavierUniform(predictor.Weight, generator);
            Initializers.Constant(predictor.Bias!, 0);
        }
    }

    private static ModuleList<Conv2d> Predictors(SsdHeadOptions options, int numbers) => new(
        options.InChannels.Zip(options.AnchorsPerPlace, (channels, anchors) =>
            new Conv2d(channels, anchors * numbers, new() { Kernel = 3, Padding = 1 })));
}

/// <summary>The layers of an <see cref="SsdHead"/>.</summary>
public sealed record SsdHeadOptions
{
    /// <summary>Channels of each map.</summary>
    public required IReadOnlyList<int> InChannels { get; init; }

    /// <summary>Anchors per place of each map, A.</summary>
    public required IReadOnlyList<int> AnchorsPerPlace { get; init; }

    /// <summary>Scores per anchor, K + 1: the last one is background.</summary>
    public required int ScoreCount { get; init; }
}
