using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Targets and decoding of a head over anchors, as its <c>train_cfg</c> and <c>test_cfg</c> say.</summary>
/// <param name="Options">Classes, borders, weights.</param>
/// <param name="Targets">What every anchor should predict; null: the head cannot be trained.</param>
/// <param name="TestConfig">The <c>test_cfg</c>; null: the head cannot detect.</param>
internal sealed record AnchorParts(AnchorHeadOptions Options, AnchorTargets? Targets, ConfigReader? TestConfig)
{
    /// <summary>Reads assigner and sampler.</summary>
    /// <param name="context">What stands beside the head's node.</param>
    /// <param name="options">Classes, borders, weights.</param>
    /// <param name="anchors">Generates the anchors.</param>
    /// <param name="coder">Encodes the objects' boxes; null where they are compared as they are.</param>
    /// <param name="approximations">Generates the shapes that each anchor may take; null: its own alone.</param>
    internal static AnchorParts FromConfig(
        HeadContext context, AnchorHeadOptions options, IAnchorGenerator anchors, IBBoxCoder? coder,
        IAnchorGenerator? approximations = null)
    {
        var targets = context.TrainConfig is { } train
            ? new AnchorTargets(options, anchors, Assigner(train, context), Sampler(train, context, options), coder)
            {
                Approximations = approximations,
            }
            : null;
        return new(options, targets, context.TestConfig);
    }

    /// <summary>Composes criterion and decoder, where they are configured.</summary>
    /// <param name="criterion">Makes the criterion of the targets.</param>
    /// <param name="boxes">How boxes are predicted.</param>
    /// <param name="decoding">Changes how scores are read; null: as they are.</param>
    internal DenseHeadParts Compose(
        Func<AnchorTargets, ICriterion> criterion,
        IPlaceBoxes boxes,
        Func<PlaceDecoderOptions, PlaceDecoderOptions>? decoding = null)
    {
        var parts = new DenseHeadParts
        {
            ClassCount = Options.ClassCount,
            Criterion = Targets is null ? null : criterion(Targets),
        };
        if (TestConfig is null)
        {
            return parts;
        }

        var options = PlaceDecoderOptions.FromConfig(TestConfig, Options.ClassCount) with
        {
            SigmoidScores = Options.SigmoidScores,
        };
        return parts with
        {
            Decoder = new PlaceDecoder(decoding?.Invoke(options) ?? options, boxes),
            Nms = MulticlassNmsOptions.FromConfig(TestConfig),
        };
    }

    private static IAssigner Assigner(ConfigReader train, HeadContext context)
    {
        train.Ignore("debug", "sampler");
        return context.Parts.Assigners.Build(train.Node("assigner"));
    }

    private static ISampler Sampler(ConfigReader train, HeadContext context, AnchorHeadOptions options) =>
        options.Sampling && train.NodeOrNull("sampler") is { } node ? context.AnchorSampler(node) : new PseudoSampler();
}
