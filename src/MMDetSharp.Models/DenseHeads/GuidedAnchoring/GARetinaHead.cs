using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.GuidedAnchoring;

/// <summary>
/// RetinaNet with guided anchors: behind the towers, where anchors stand and which shape they have; scores and boxes come
/// from features adapted to that shape: Wang et al., "Region Proposal by Guided Anchoring", arXiv:1901.03278, figure 1.
/// Keys: cls_convs.*, reg_convs.*, conv_loc, conv_shape, feature_adaption_cls.*, feature_adaption_reg.*, retina_cls, retina_reg.
/// </summary>
public sealed class GARetinaHead : TwoTowerHead
{
    private readonly Conv2d _locations;
    private readonly Conv2d _shapes;
    private readonly FeatureAdaption _classAdaption;
    private readonly FeatureAdaption _boxAdaption;
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly LocationFilter _filter;

    /// <param name="options">Channels, depth, classes.</param>
    public GARetinaHead(GARetinaHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        var channels = options.Tower.LastChannels;
        _locations = RegisterChild("conv_loc", new Conv2d(channels, 1, new() { Kernel = 1 }));
        _shapes = RegisterChild("conv_shape", new Conv2d(channels, 2, new() { Kernel = 1 }));
        _classAdaption = RegisterChild("feature_adaption_cls", new FeatureAdaption(channels, options.OffsetGroups));
        _boxAdaption = RegisterChild("feature_adaption_reg", new FeatureAdaption(channels, options.OffsetGroups));
        _classes = Predictor("retina_cls", options.ScoreCount);
        _boxes = Predictor("retina_reg", 4);
        _filter = new(options.LocationThreshold);
    }

    /// <summary>Reads <c>GARetinaHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = GuidedAnchorSetup.FromConfig(reader, context);
        var options = new GARetinaHeadOptions
        {
            Tower = TowerOptions.FromConfig(reader),
            ScoreCount = setup.Options.ScoreCount,
            OffsetGroups = reader.Positive("deform_groups", 4),
            LocationThreshold = setup.LocationThreshold,
        };
        new OptionCheck(reader.TypeName, reader.Error).Require(
            options.Tower.LastChannels % options.OffsetGroups == 0, "deform_groups",
            $"must divide the {options.Tower.LastChannels} channels behind the towers", options.OffsetGroups);
        return HeadPlan.OfAnchors(
            reader, options.Tower, setup.Squares, () => new DenseHead(new GARetinaHead(options), setup.Parts),
            ApproximateAnchors.SquareKey);
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, C, H, W), <c>bbox_pred</c> (B, 4, H, W), <c>shape_pred</c> (B, 2, H, W) and <c>loc_pred</c>
    /// (B, 1, H, W) of each level. In evaluation, the first two are 0 where an anchor is improbable.
    /// </returns>
    public override MapSet Forward(Tensor[] features) =>
        MapSet.PerLevel(["cls_score", "bbox_pred", "shape_pred", "loc_pred"], features, (feature, _) => Level(feature));

    /// <summary>As RetinaNet; an anchor has probability 0.01.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitScores(_locations, generator);
        ConvTower.InitLast(_shapes, generator);
        _classAdaption.InitWeights(generator);
        _boxAdaption.InitWeights(generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_boxes, generator);
    }

    private Tensor[] Level(Tensor feature)
    {
        var (forClasses, forBoxes) = (ClassTower.Call(feature), BoxTower.Call(feature));
        var (location, shape) = (_locations.Call(forClasses), _shapes.Call(forBoxes));
        var classes = _classes.Call(_classAdaption.Call(forClasses, shape));
        var boxes = _boxes.Call(_boxAdaption.Call(forBoxes, shape));
        return Training
            ? [classes, boxes, shape, location]
            : [_filter.Masked(classes, location), _filter.Masked(boxes, location), shape, location];
    }
}

/// <summary>The layers of a <see cref="GARetinaHead"/>.</summary>
public sealed record GARetinaHeadOptions
{
    /// <summary>The layers before the anchors; in the paper without norm.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>Scores of a place, C: K with sigmoids, K + 1 with a softmax over background too.</summary>
    public required int ScoreCount { get; init; }

    /// <summary>Into how many parts a feature's channels are split in its adaption.</summary>
    public int OffsetGroups { get; init; } = 4;

    /// <summary>In evaluation, places where an anchor is less probable are left out.</summary>
    public double LocationThreshold { get; init; } = 0.01;
}
