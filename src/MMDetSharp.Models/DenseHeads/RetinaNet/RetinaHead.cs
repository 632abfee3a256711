using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.RetinaNet;

/// <summary>
/// RetinaNet's two branches, scores and boxes, the same layers at every level: Lin et al., "Focal Loss for Dense Object
/// Detection", arXiv:1708.02002, section 4 and figure 3 (c), (d). Keys: cls_convs.*, reg_convs.*, retina_cls, retina_reg.
/// </summary>
public sealed class RetinaHead : TwoTowerHead
{
    /// <summary>Section 4: three scales per octave, three ratios, on levels P3 to P7.</summary>
    internal static readonly AnchorGeneratorOptions Anchors = new()
    {
        Strides = [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128)],
        Ratios = [0.5f, 1, 2],
        OctaveBaseScale = 4,
        ScalesPerOctave = 3,
    };

    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;

    /// <param name="options">Channels and depth.</param>
    public RetinaHead(RetinaHeadOptions options)
        : base(options?.Tower ?? throw new ArgumentNullException(nameof(options)))
    {
        _classes = Predictor("retina_cls", options.AnchorsPerPlace * options.ScoreCount);
        _boxes = Predictor("retina_reg", options.AnchorsPerPlace * 4);
    }

    /// <summary>Reads <c>RetinaHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = AnchorHeadSetup.FromConfig(reader, context, new(Anchors) { TakesStatefulLosses = true });
        return Plan(reader, setup, setup.Parts(
            targets => new AnchorCriterion(targets, setup.ClassLoss, setup.BoxLoss)));
    }

    /// <summary>The plan of a RetinaNet with a criterion of its own.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="setup">What was read of it.</param>
    /// <param name="parts">Criterion and decoder.</param>
    internal static HeadPlan Plan(ConfigReader reader, AnchorHeadSetup setup, DenseHeadParts parts)
    {
        var options = new RetinaHeadOptions
        {
            Tower = setup.Tower(reader),
            AnchorsPerPlace = setup.Anchors.AnchorsPerPlace[0],
            ScoreCount = setup.Options.ScoreCount,
        };
        return HeadPlan.OfAnchors(
            reader, options.Tower, setup.Anchors, () => new DenseHead(new RetinaHead(options), parts));
    }

    /// <inheritdoc/>
    /// <returns><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W) of each level.</returns>
    public override MapSet Forward(Tensor[] features) => MapSet.PerLevel(["cls_score", "bbox_pred"], features, (feature, _) =>
    [
        _classes.Call(ClassTower.Call(feature)),
        _boxes.Call(BoxTower.Call(feature)),
    ]);

    /// <summary>Section 4.1: kernels normal with deviation 0.01; an object has probability 0.01.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        ConvTower.InitScores(_classes, generator);
        ConvTower.InitLast(_boxes, generator);
    }
}

/// <summary>The layers of a <see cref="RetinaHead"/>.</summary>
public sealed record RetinaHeadOptions
{
    /// <summary>The layers before the last ones; in the paper without norm.</summary>
    public required TowerOptions Tower { get; init; }

    /// <summary>Anchors per place, A.</summary>
    public required int AnchorsPerPlace { get; init; }

    /// <summary>Scores per anchor: K with sigmoids, K + 1 with a softmax over background too.</summary>
    public required int ScoreCount { get; init; }
}
