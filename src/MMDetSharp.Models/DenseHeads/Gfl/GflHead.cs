using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads.Atss;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Gfl;

/// <summary>
/// Generalized focal loss: ATSS's branches whose scores are class and quality in one, and whose distances are distributions:
/// Li et al., "Generalized Focal Loss: Learning Qualified and Distributed Bounding Boxes for Dense Object Detection",
/// arXiv:2006.04388, section 3 and figure 5. Keys: cls_convs.*, reg_convs.*, gfl_cls, gfl_reg, scales.N.scale, integral.project.
/// </summary>
public sealed class GflHead : TwoTowerHead
{
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly ModuleList<Scale> _scales;

    /// <param name="options">Channels, depth, levels, range of the distributions.</param>
    public GflHead(GflHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _classes = Predictor("gfl_cls", options.ClassCount);
        _boxes = Predictor("gfl_reg", 4 * (options.MaxDistance + 1));
        _scales = RegisterChild("scales", Scale.PerLevel(options.LevelCount));
        RegisterChild("integral", new Integral(options.MaxDistance));
    }

    /// <summary>Reads <c>GFLHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = AnchorHeadSetup.FromConfig(
            reader, context, new(AtssHead.Anchors) { TakesAll = true, ComparesBoxes = true });
        var strides = setup.Anchors.Strides;
        setup.RequireOneAnchor(reader);
        new OptionCheck("GFLHead", reader.Error).Require(
            setup.Options.SigmoidScores, "loss_cls", "must have use_sigmoid=True, since a score is an IoU", false);
        var options = new GflHeadOptions
        {
            Tower = setup.Tower(reader, TowerOptions.GroupNorm),
            ClassCount = setup.Options.ClassCount,
            LevelCount = strides.Count,
            MaxDistance = reader.Positive("reg_max", 16),
        };
        var losses = new GflLosses(
            setup.ClassLoss, setup.BoxLoss,
            context.Parts.Loss(
                reader, "loss_dfl", () => new DistributionFocalLoss(WeightedReduction.Default with { LossWeight = 0.25 })));
        var boxes = DistanceBoxes.AroundAnchors(setup.Anchors, new()
        {
            Columns = 4 * (options.MaxDistance + 1),
            Distances = (logits, level) => Integral.Expect(logits) * strides[level].X,
        });
        var parts = setup.Parts(targets => new GflCriterion(targets, losses, options.MaxDistance), boxes);
        return HeadPlan.OfAnchors(
            reader, options.Tower, setup.Anchors, () => new DenseHead(new GflHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, K, H, W) and <c>bbox_pred</c> (B, 4 (n + 1), H, W) of each level: logits of the distances 0 to n,
    /// in strides, left, top, right, bottom.
    /// </returns>
    public override MapSet Forward(Tensor[] features) => MapSet.PerLevel(["cls_score", "bbox_pred"], features, (feature, level) =>
    [
        _classes.Call(ClassTower.Call(feature)),
        _scales[level].Call(_boxes.Call(BoxTower.Call(feature))),
    ]);

    /// <summary>As RetinaNet; the factors of the levels begin as 1.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_boxes, generator);
        _scales.InitWeights(generator);
    }
}

/// <summary>The layers of a <see cref="GflHead"/>.</summary>
public sealed record GflHeadOptions
{
    /// <summary>The layers before the last ones.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The number of levels, L: each has a factor of its boxes.</summary>
    public required int LevelCount { get; init; }

    /// <summary>n: the largest distance, in strides; <c>reg_max</c>.</summary>
    public int MaxDistance { get; init; } = 16;
}
