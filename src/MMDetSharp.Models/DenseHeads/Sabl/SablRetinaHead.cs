using MMDetSharp.Core.Registry;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads.RetinaNet;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Sabl;

/// <summary>
/// RetinaNet's towers over one square at every place; behind that of boxes, buckets and offsets of the four sides: Wang et
/// al., "Side-Aware Boundary Localization for More Precise Object Detection", arXiv:1912.04260, section 3.4. Keys:
/// cls_convs.*, reg_convs.*, retina_cls, retina_bbox_reg, retina_bbox_cls.
/// </summary>
public sealed class SablRetinaHead : TwoTowerHead
{
    private readonly Conv2d _classes;
    private readonly Conv2d _offsets;
    private readonly Conv2d _buckets;

    /// <param name="options">Channels, depth, classes, buckets.</param>
    public SablRetinaHead(SablRetinaHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _classes = Predictor("retina_cls", options.ScoreCount);
        _offsets = Predictor("retina_bbox_reg", options.Columns);
        _buckets = Predictor("retina_bbox_cls", options.Columns);
    }

    /// <summary>Reads <c>SABLRetinaHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        reader.Ignore("init_cfg");
        var anchors = ApproximateAnchors.FromConfig(reader, context, RetinaHead.Anchors);
        var coder = reader.NodeOrNull("bbox_coder") is { } node
            ? context.Parts.BucketCoders.Build(node)
            : new BucketingBBoxCoder(new() { Buckets = 14, Scale = 3 });

        // As the reference: reg_decoded_bbox is read and changes nothing; a missing loss_cls is a focal loss.
        var settings = AnchorHeadOptions.FromConfig(reader, context.TrainConfig);
        settings = settings with { CompareBoxes = true, Sampling = settings.Sampling && reader.Has("loss_cls") };
        var losses = Losses(reader, context);
        var parts = AnchorParts.FromConfig(context, settings, anchors.Squares, coder: null, anchors.Approximations).Compose(
            targets => new SablCriterion(targets, losses, coder),
            new SablBoxes(anchors.Squares, coder),
            scores => scores with { Border = coder.Options.Clips ? BoxBorder.LastPixel : BoxBorder.None });
        var options = new SablRetinaHeadOptions
        {
            Tower = TowerOptions.FromConfig(reader),
            ScoreCount = settings.ScoreCount,
            Columns = coder.Columns,
        };
        return HeadPlan.OfAnchors(
            reader, options.Tower, anchors.Squares, () => new DenseHead(new SablRetinaHead(options), parts),
            ApproximateAnchors.SquareKey);
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, C, H, W), <c>bbox_cls_pred</c> and <c>bbox_reg_pred</c> (B, 4 S, H, W) of each level: logits of
    /// the buckets, and offsets from their centres in buckets; left, right, top, bottom.
    /// </returns>
    public override MapSet Forward(Tensor[] features) =>
        MapSet.PerLevel(["cls_score", "bbox_cls_pred", "bbox_reg_pred"], features, (feature, _) =>
        {
            var boxes = BoxTower.Call(feature);
            return [_classes.Call(ClassTower.Call(feature)), _buckets.Call(boxes), _offsets.Call(boxes)];
        });

    /// <summary>As RetinaNet.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_offsets, generator);
        ConvTower.InitLast(_buckets, generator);
    }

    private static SablLosses Losses(ConfigReader reader, HeadContext context)
    {
        var check = new OptionCheck("SABLRetinaHead", reader.Error);
        ILoss OfSides(string key, ILoss missing)
        {
            var loss = context.Parts.Loss(reader, key, () => missing);

            // Only positive squares are compared: of the others there are no single losses.
            check.Require(
                loss.Reduction.Reduction == Reduction.Mean, key, "must have the reduction Mean", loss.Reduction.Reduction);
            return loss;
        }

        var weighed = new WeightedReduction { LossWeight = 1.5 };
        var losses = new SablLosses(
            context.Parts.Loss(reader, "loss_cls", () => new FocalLoss()),
            OfSides("loss_bbox_cls", new CrossEntropyLoss(CrossEntropyMode.Sigmoid, reduction: weighed)),
            OfSides("loss_bbox_reg", new SmoothL1Loss(1.0 / 9, weighed)));
        var buckets = reader.NodeOrNull("loss_bbox_cls");
        check.Require(
            buckets is null || buckets.Bool("use_sigmoid", false), "loss_bbox_cls",
            "must have use_sigmoid=True, since each bucket is scored by itself", false);
        return losses;
    }
}

/// <summary>The layers of a <see cref="SablRetinaHead"/>.</summary>
public sealed record SablRetinaHeadOptions
{
    /// <summary>The layers before the last ones; in the paper without norm.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>Scores of a place, C: K with sigmoids, K + 1 with a softmax over background too.</summary>
    public required int ScoreCount { get; init; }

    /// <summary>4 S: buckets of all sides.</summary>
    public required int Columns { get; init; }
}
