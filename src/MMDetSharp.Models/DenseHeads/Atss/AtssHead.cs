using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Atss;

/// <summary>
/// ATSS: FCOS's branches over one square anchor per place: Zhang et al., "Bridging the Gap Between Anchor-based and
/// Anchor-free Detection via Adaptive Training Sample Selection", arXiv:1912.02424, section 3. The same layers are PAA's.
/// Keys: cls_convs.*, reg_convs.*, atss_cls, atss_reg, atss_centerness, scales.N.scale.
/// </summary>
public sealed class AtssHead : TwoTowerHead
{
    /// <summary>Section 3.3: one square anchor of eight strides at every place.</summary>
    internal static readonly AnchorGeneratorOptions Anchors = new()
    {
        Strides = [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128)],
        Ratios = [1],
        OctaveBaseScale = 8,
        ScalesPerOctave = 1,
    };

    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly Conv2d _centerness;
    private readonly ModuleList<Scale> _scales;

    /// <param name="options">Channels, depth, anchors, levels.</param>
    public AtssHead(AtssHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _classes = Predictor("atss_cls", options.AnchorsPerPlace * options.ScoreCount);
        _boxes = Predictor("atss_reg", options.AnchorsPerPlace * 4);
        _centerness = Predictor("atss_centerness", options.AnchorsPerPlace);
        _scales = RegisterChild("scales", Scale.PerLevel(options.LevelCount));
    }

    /// <summary>Reads <c>ATSSHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = AnchorHeadSetup.FromConfig(reader, context, new(Anchors) { TakesAll = true, TakesStatefulLosses = true });
        var centerness = context.Parts.Loss(reader, "loss_centerness", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid));
        return Plan(reader, setup, setup.Parts(
            targets => new AtssCriterion(targets, new(setup.ClassLoss, setup.BoxLoss, centerness), setup.Coder),
            decoding: options => options with { Quality = "centerness" }));
    }

    /// <summary>The plan of these layers with a criterion and a decoder.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="setup">What was read of it.</param>
    /// <param name="parts">Criterion and decoder.</param>
    internal static HeadPlan Plan(ConfigReader reader, AnchorHeadSetup setup, DenseHeadParts parts)
    {
        var options = new AtssHeadOptions
        {
            Tower = setup.Tower(reader, TowerOptions.GroupNorm),
            AnchorsPerPlace = setup.Anchors.AnchorsPerPlace[0],
            ScoreCount = setup.Options.ScoreCount,
            LevelCount = setup.Anchors.Strides.Count,
        };
        return HeadPlan.OfAnchors(
            reader, options.Tower, setup.Anchors, () => new DenseHead(new AtssHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns>
    /// <c>cls_score</c> (B, A C, H, W), <c>bbox_pred</c> (B, A 4, H, W) and <c>centerness</c> (B, A, H, W) of each level.
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
        var boxes = BoxTower.Call(feature);
        return
        [
            _classes.Call(ClassTower.Call(feature)),
            _scales[level].Call(_boxes.Call(boxes)),
            _centerness.Call(boxes)
        ];
    }
}

/// <summary>The layers of an <see cref="AtssHead"/>.</summary>
public sealed record AtssHeadOptions
{
    /// <summary>The layers before the last ones.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>Anchors per place, A.</summary>
    public required int AnchorsPerPlace { get; init; }

    /// <summary>Scores per anchor, C.</summary>
    public required int ScoreCount { get; init; }

    /// <summary>The number of levels, L: each has a factor of its boxes.</summary>
    public required int LevelCount { get; init; }
}
