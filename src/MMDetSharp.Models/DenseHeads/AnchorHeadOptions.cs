using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>What targets, losses and decoding of an anchor-based head agree on.</summary>
public sealed record AnchorHeadOptions
{
    // These weigh easy anchors themselves: as the reference, they leave out the sampler.
    private static readonly string[] s_selfWeighing = ["FocalLoss", "GHMC", "QualityFocalLoss"];

    /// <summary>The number of classes, K, without background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether each class is scored by its own sigmoid; else a softmax over K + 1, the last one background.</summary>
    public bool SigmoidScores { get; init; } = true;

    /// <summary>Whether the box loss compares boxes instead of encoded ones.</summary>
    public bool CompareBoxes { get; init; }

    /// <summary>Whether only sampled anchors count; else all do, and the positives are the number to average by.</summary>
    public bool Sampling { get; init; }

    /// <summary>Anchors may reach so many pixels over the image's edge in training; below 0: any number.</summary>
    public double AllowedBorder { get; init; } = -1;

    /// <summary>The weight of a positive anchor's score; 0 or less: 1.</summary>
    public double PositiveWeight { get; init; } = -1;

    /// <summary>Scores per anchor, C: K, or K + 1 with background.</summary>
    public int ScoreCount => SigmoidScores ? ClassCount : ClassCount + 1;

    /// <summary>Reads classes, kind of scores and sampling of a head's node, borders and weights of its <c>train_cfg</c>.</summary>
    internal static AnchorHeadOptions FromConfig(ConfigReader reader, ConfigReader? train)
    {
        var loss = reader.NodeOrNull("loss_cls");
        return new AnchorHeadOptions
        {
            ClassCount = reader.Positive("num_classes"),
            SigmoidScores = loss is null || loss.Bool("use_sigmoid", false),
            Sampling = loss is null || !s_selfWeighing.Contains(loss.TypeName),
            CompareBoxes = reader.Bool("reg_decoded_bbox", false),
        }.With(train);
    }

    /// <summary>The same options, with the borders and weights of a <c>train_cfg</c>.</summary>
    internal AnchorHeadOptions With(ConfigReader? train) => train is null ? this : this with
    {
        AllowedBorder = train.Float("allowed_border", AllowedBorder),
        PositiveWeight = train.Float("pos_weight", PositiveWeight),
    };
}
