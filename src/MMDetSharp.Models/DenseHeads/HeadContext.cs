using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What a head is read from besides its own node.</summary>
/// <param name="TrainConfig">The head's <c>train_cfg</c>; null: it cannot be trained.</param>
/// <param name="TestConfig">The head's <c>test_cfg</c>; null: it cannot detect.</param>
/// <param name="Parts">What heads are composed of.</param>
internal sealed record HeadContext(ConfigReader? TrainConfig, ConfigReader? TestConfig, PartTables Parts)
{
    /// <summary>Chooses samples where there are too many.</summary>
    internal ISampleChoice Choice { get; init; } = new RandomChoice();

    /// <summary>Reads a sampler of anchors.</summary>
    /// <param name="node">The sampler's.</param>
    /// <exception cref="ConfigException">It is unknown, or samples the objects' own boxes too, which are no anchors.</exception>
    internal ISampler AnchorSampler(ConfigReader node)
    {
        var sampler = Parts.Samplers.Build(node, Choice);
        return sampler.AddsObjects
            ? throw node.Error(
                "add_gt_as_proposals", "must be False where anchors are sampled: objects' boxes are no anchors. Set it to False.")
            : sampler;
    }
}

/// <summary>The tables of what heads are composed of.</summary>
internal sealed record PartTables
{
    /// <summary>The losses by their names in configs.</summary>
    internal required Registry<ILoss> Losses { get; init; }

    /// <summary>The anchor generators by their names in configs.</summary>
    internal required Registry<IAnchorGenerator> Anchors { get; init; }

    /// <summary>The assigners by their names in configs.</summary>
    internal required Registry<IAssigner> Assigners { get; init; }

    /// <summary>The samplers of positives and negatives by their names in configs.</summary>
    internal required ContextRegistry<ISampler, ISampleChoice> Samplers { get; init; }

    /// <summary>The box coders by their names in configs.</summary>
    internal required Registry<IBBoxCoder> Coders { get; init; }

    /// <summary>The box coders that locate sides by buckets.</summary>
    internal required Registry<BucketingBBoxCoder> BucketCoders { get; init; }

    /// <summary>The anchor generators that know cells.</summary>
    internal required Registry<YoloAnchorGenerator> CellAnchors { get; init; }

    /// <summary>The assigners that know cells.</summary>
    internal required Registry<GridAssigner> CellAssigners { get; init; }

    /// <summary>The box coders that know cells.</summary>
    internal required Registry<IYoloBBoxCoder> CellCoders { get; init; }

    /// <summary>What YOLOv5 networks are trained by, made for their levels.</summary>
    internal required ContextRegistry<ICriterion, IReadOnlyList<YoloLevel>> YoloCriteria { get; init; }

    /// <summary>The coder under <c>bbox_coder</c>; the default where it is missing or None, null: one without factors.</summary>
    internal IBBoxCoder Coder(ConfigReader reader, IBBoxCoder? missing = null) =>
        reader.NodeOrNull("bbox_coder") is { } node ? Coders.Build(node) : missing ?? new DeltaXYWHBBoxCoder();

    /// <summary>The loss under a key; the default where it is missing or None.</summary>
    /// <exception cref="ConfigException">It remembers something, which this head would not save.</exception>
    internal ILoss Loss(ConfigReader reader, string key, Func<ILoss> missing)
    {
        var loss = AnyLoss(reader, key, missing);
        return loss is IStatefulLoss
            ? throw reader.Error(key, "must be a loss that remembers nothing. Only loss_cls and loss_bbox of RetinaHead and ATSSHead save what losses remember.")
            : loss;
    }

    /// <summary>As <see cref="Loss"/>, for heads that save what losses remember.</summary>
    internal ILoss AnyLoss(ConfigReader reader, string key, Func<ILoss> missing) =>
        reader.NodeOrNull(key) is { } node ? Losses.Build(node) : missing();
}
