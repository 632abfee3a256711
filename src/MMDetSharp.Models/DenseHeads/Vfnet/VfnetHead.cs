using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads.Atss;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Vfnet;

/// <summary>
/// VarifocalNet: a box from each place, then its refinement and its score from nine points of that box, a star: Zhang et al.,
/// "VarifocalNet: An IoU-aware Dense Object Detector", arXiv:2008.13367, section 3 and figure 3. Keys: cls_convs.*,
/// reg_convs.*, vfnet_reg_conv.*, vfnet_reg, scales.N.scale, vfnet_reg_refine_dconv, vfnet_reg_refine,
/// scales_refine.N.scale, vfnet_cls_dconv, vfnet_cls.
/// </summary>
public sealed class VfnetHead : TwoTowerHead
{
    private static readonly DeformConvGeometry s_star = new() { Padding = 1 };
    private static readonly DistanceBoxOptions s_refined = new() { Map = "bbox_pred_refine" };

    private readonly VfnetHeadOptions _options;
    private readonly ConvModule _boxFeatures;
    private readonly Conv2d _boxes;
    private readonly ModuleList<Scale> _scales;
    private readonly DeformConv2d _refineStar;
    private readonly Conv2d _refinements;
    private readonly ModuleList<Scale> _refineScales;
    private readonly DeformConv2d _classStar;
    private readonly Conv2d _classes;

    /// <param name="options">Channels, depth, levels, the form of distances.</param>
    public VfnetHead(VfnetHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _options = options;
        var (channels, levels) = (options.Tower.LastChannels, options.Strides.Count);
        _boxFeatures = RegisterChild("vfnet_reg_conv", ConvTower.Layer(options.Tower, channels, options.Tower.Deform));
        _boxes = Predictor("vfnet_reg", 4);
        _scales = RegisterChild("scales", Scale.PerLevel(levels));
        _refineStar = RegisterChild("vfnet_reg_refine_dconv", new DeformConv2d(channels, channels, 3, s_star));
        _refinements = Predictor("vfnet_reg_refine", 4);
        _refineScales = RegisterChild("scales_refine", Scale.PerLevel(levels));
        _classStar = RegisterChild("vfnet_cls_dconv", new DeformConv2d(channels, channels, 3, s_star));
        _classes = Predictor("vfnet_cls", options.ClassCount);
    }

    /// <summary>Reads <c>VFNetHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = AnchorHeadSetup.FromConfig(reader, context, new(AtssHead.Anchors)
        {
            TakesAll = true,
            ComparesBoxes = reader.Bool("reg_decoded_bbox", true), // False as the reference: encoded boxes as if they were boxes
            Coder = new DeltaXYWHBBoxCoder(stds: [0.1f, 0.1f, 0.2f, 0.2f]),
        });
        var options = VfnetHeadOptions.FromConfig(reader, setup.Options.ClassCount);
        var losses = VfnetLosses.FromConfig(reader, context.Parts);
        var places = FcosTargetOptions.FromConfig(reader, options.ClassCount, options.Strides);
        options = options with { Norms = options.Norms ?? Lengths(places.RegressRanges) };
        var points = new PointGenerator(options.Strides, isCentered: true);
        var usesAnchors = reader.Bool("use_atss", true);
        if (usesAnchors)
        {
            setup.RequireOneAnchor(reader);
        }

        var parts = setup.Parts(
            targets => new VfnetCriterion(
                usesAnchors ? new VfnetTargets(targets) : new VfnetTargets(new FcosTargets(places), points), losses),
            usesAnchors
                ? DistanceBoxes.AroundAnchors(setup.Anchors, s_refined)
                : new DistanceBoxes(points.GridPoints, s_refined));
        return new(
            inputs =>
            {
                MapLevel.RequireChannels(reader, "in_channels", [options.Tower.InChannels], inputs);
                MapLevel.RequireStrides(reader, "strides", options.Strides, inputs);
                if (usesAnchors)
                {
                    HeadPlan.RequireStrides(reader, setup.Anchors, inputs);
                }
            },
            () => new DenseHead(new VfnetHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, K, H, W): logits of the IoU of the refined box at its class; <c>bbox_pred</c> and
    /// <c>bbox_pred_refine</c> (B, 4, H, W): left, top, right, bottom in pixels.
    /// </returns>
    public override MapSet Forward(Tensor[] features) =>
        MapSet.PerLevel(["cls_score", "bbox_pred", "bbox_pred_refine"], features, Level);

    /// <summary>As RetinaNet; the factors of the levels begin as 1.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitLayer(_boxFeatures, generator);
        ConvTower.InitLast(_boxes, generator);
        ConvTower.InitLast(_refinements, generator);
        ConvTower.InitScores(_classes, generator);
        Initializers.Normal(_refineStar.Weight, 0, 0.01, generator);
        Initializers.Normal(_classStar.Weight, 0, 0.01, generator);
        _scales.InitWeights(generator);
        _refineScales.InitWeights(generator);
    }

    private Tensor[] Level(Tensor feature, int level)
    {
        var (classes, boxes) = (ClassTower.Call(feature), BoxTower.Call(feature));
        var initial = _scales[level].Call(_boxes.Call(_boxFeatures.Call(boxes))).Exp() * _options.Norms![level];
        var held = GradMode.IsEnabled ? initial.Detach() : initial;
        var star = Star(initial, held, _options.Strides[level]);

        // Section 3.4: factors of the initial distances.
        var factors = _refineScales[level].Call(_refinements.Call(_refineStar.Call(boxes, star).Relu())).Exp();
        return [_classes.Call(_classStar.Call(classes, star).Relu()), initial, factors * held];
    }

    // Section 3.3: the place, and the corners and middles of the sides of its box, row by row; as offsets from the taps of a
    // 3x3 kernel, in places of the map. A linear map of the distances: (B, 4, H, W) to (B, 18, H, W), y and x of each tap.
    private Tensor Star(Tensor distances, Tensor held, int stride)
    {
        var (weight, taps) = (new float[18 * 4], new float[18]);
        for (var tap = 0; tap < 9; tap++)
        {
            var (row, column) = ((tap / 3) - 1, (tap % 3) - 1);
            (taps[2 * tap], taps[(2 * tap) + 1]) = (-row, -column);
            AddSide(2 * tap, row, before: 1, after: 3);
            AddSide((2 * tap) + 1, column, before: 0, after: 2);
        }

        // As the reference: offsets pass only a part of their gradient on.
        var mixed = GradMode.IsEnabled
            ? (held * (1 - _options.GradientFactor)) + (distances * _options.GradientFactor)
            : distances;
        return Functional.Conv2d(
            mixed, Tensor.From(weight, 18, 4, 1, 1).To(distances.Device), Tensor.From(taps, 18).To(distances.Device),
            [1, 1], [0, 0], [1, 1]);

        void AddSide(int output, int direction, int before, int after)
        {
            if (direction != 0)
            {
                weight[(4 * output) + (direction < 0 ? before : after)] = (float)direction / stride;
            }
        }
    }

    // As the reference: the longest distance of each level; of the last one twice that of the level before.
    private static double[] Lengths(IReadOnlyList<(double From, double To)> ranges) =>
        [.. ranges.SkipLast(1).Select(range => range.To), 2 * ranges[^2].To];
}

/// <summary>The layers of a <see cref="VfnetHead"/>; the names are the reference's.</summary>
public sealed record VfnetHeadOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The layers before the last ones.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>(L) pixels between two places of each level.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>(L) pixels that a distance of 1 means at each level.</summary>
    public IReadOnlyList<double>? Norms { get; init; }

    /// <summary>The part of the gradient that the star's points pass on to the initial box: <c>gradient_mul</c>.</summary>
    public double GradientFactor { get; init; } = 0.1;

    /// <summary>Reads channels, depth, norm and the form of distances.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="classCount">K.</param>
    internal static VfnetHeadOptions FromConfig(ConfigReader reader, int classCount)
    {
        reader.Ignore("sync_num_pos"); // one process
        var strides = reader.Ints("strides", [4, 8, 16, 32, 64]);
        return new()
        {
            ClassCount = classCount,
            Tower = TowerOptions.FromConfig(reader, TowerOptions.GroupNorm).WithPointKeys(reader),
            Strides = strides,
            Norms = reader.ChoiceOr("bbox_norm_type", "reg_denom", "reg_denom", "stride") == "stride"
                ? Array.ConvertAll(strides, stride => (double)stride)
                : null,
            GradientFactor = reader.Fraction("gradient_mul", 0.1),
        };
    }
}
