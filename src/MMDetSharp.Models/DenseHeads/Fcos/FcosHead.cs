using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Fcos;

/// <summary>
/// FCOS: every place of the maps predicts classes, the distances of a box's sides, and how central it lies in the object:
/// Tian et al., "FCOS: Fully Convolutional One-Stage Object Detection", arXiv:1904.01355, section 3 and figure 2.
/// Keys: cls_convs.*, reg_convs.*, conv_cls, conv_reg, conv_centerness, scales.N.scale.
/// </summary>
public sealed class FcosHead : TwoTowerHead
{
    private readonly FcosHeadOptions _options;
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly Conv2d _centerness;
    private readonly ModuleList<Scale> _scales;

    /// <param name="options">Channels, depth, strides.</param>
    public FcosHead(FcosHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _options = options;
        _classes = Predictor("conv_cls", options.ClassCount);
        _boxes = Predictor("conv_reg", 4);
        _centerness = Predictor("conv_centerness", 1);
        _scales = RegisterChild("scales", Scale.PerLevel(options.Strides.Count));
    }

    /// <summary>Reads <c>FCOSHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var options = FcosHeadOptions.FromConfig(reader);
        var targets = new FcosTargets(FcosTargetOptions.FromConfig(reader, options.ClassCount, options.Strides) with
        {
            NormOnBBox = options.NormOnBBox,
        });
        var losses = new PlaceLosses(
            context.Parts.Loss(reader, "loss_cls", () => new FocalLoss()),
            context.Parts.Loss(reader, "loss_bbox", () => new IoULoss()),
            context.Parts.Loss(reader, "loss_centerness", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)));
        var points = new PointGenerator(options.Strides, isCentered: true);
        var parts = new DenseHeadParts { ClassCount = options.ClassCount };
        if (context.TrainConfig is { } train)
        {
            train.Ignore("assigner", "sampler", "allowed_border", "pos_weight", "debug"); // FCOS assigns by the paper's rule
            parts = parts with { Criterion = new FcosCriterion(targets, points, losses) };
        }

        if (context.TestConfig is { } test)
        {
            parts = parts with
            {
                Decoder = new PlaceDecoder(
                    PlaceDecoderOptions.FromConfig(test, options.ClassCount) with { Quality = "centerness" },
                    new DistanceBoxes(points.GridPoints)),
                Nms = MulticlassNmsOptions.FromConfig(test),
            };
        }

        return new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", [options.Tower.InChannels], inputs);
                MapLevel.RequireStrides(reader, "strides", options.Strides, inputs);
            },
            () => new DenseHead(new FcosHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, K, H, W), <c>bbox_pred</c> (B, 4, H, W): distances in pixels, in training with
    /// <see cref="FcosHeadOptions.NormOnBBox"/> in strides; <c>centerness</c> (B, 1, H, W) of each level.
    /// </returns>
    public override MapSet Forward(Tensor[] features) =>
        MapSet.PerLevel(["cls_score", "bbox_pred", "centerness"], features, Level);

    /// <summary>As RetinaNet; the factors of the levels begin as 1.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_boxes, generator);
        ConvTower.InitLast(_centerness, generator);
        _scales.InitWeights(generator);
    }

    private Tensor[] Level(Tensor feature, int level)
    {
        var (classes, boxes) = (ClassTower.Call(feature), BoxTower.Call(feature));
        var scaled = _scales[level].Call(_boxes.Call(boxes)); // section 3.2: s_i x
        return
        [
            _classes.Call(classes),
            Distances(scaled, _options.Strides[level]),
            _centerness.Call(_options.CenternessOnReg ? boxes : classes)
        ];
    }

    // Section 3.2: exp(s_i x) is positive. As the reference: with norm_on_bbox a ReLU, in strides.
    private Tensor Distances(Tensor scaled, int stride) =>
        !_options.NormOnBBox ? scaled.Exp()
        : Training ? scaled.Relu()
        : scaled.Relu() * stride;
}

/// <summary>The layers of a <see cref="FcosHead"/>; the names are the reference's.</summary>
public sealed record FcosHeadOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The layers before the last ones.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>(L) pixels between two places of each level.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [4, 8, 16, 32, 64];

    /// <summary>Whether distances are learned in strides of the level.</summary>
    public bool NormOnBBox { get; init; }

    /// <summary>Whether centerness is predicted beside the box instead of the classes.</summary>
    public bool CenternessOnReg { get; init; }

    /// <summary>Reads channels, depth, norm, and where centerness is predicted.</summary>
    internal static FcosHeadOptions FromConfig(ConfigReader reader)
    {
        reader.Ignore("init_cfg");
        var defaults = new FcosHeadOptions
        {
            ClassCount = reader.Positive("num_classes"),
            Tower = TowerOptions.FromConfig(reader, TowerOptions.GroupNorm).WithPointKeys(reader),
        };
        return defaults with
        {
            Strides = reader.Ints("strides", [.. defaults.Strides]),
            NormOnBBox = reader.Bool("norm_on_bbox", false),
            CenternessOnReg = reader.Bool("centerness_on_reg", false),
        };
    }
}
