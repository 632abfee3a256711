using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads.Atss;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Models.DenseHeads.Paa;

/// <summary>
/// ATSS's layers, trained with probabilistic anchor assignment; the centerness branch predicts the IoU: Kim and Lee,
/// "Probabilistic Anchor Assignment with IoU Prediction for Object Detection", arXiv:2007.08103.
/// </summary>
internal static class PaaHead
{
    /// <summary>Reads <c>PAAHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        // In one dimension diagonal, spherical and full covariances are one number.
        reader.ChoiceOr("covariance_type", "diag", "diag", "spherical", "full");
        var setup = AnchorHeadSetup.FromConfig(
            reader, context, new(AtssHead.Anchors) { TakesAll = true, ComparesBoxes = true });
        var losses = new PlaceLosses(
            setup.ClassLoss, setup.BoxLoss,
            context.Parts.Loss(reader, "loss_centerness", () => new CrossEntropyLoss(CrossEntropyMode.Sigmoid)));
        var separation = new AnchorSeparation(reader.Positive("topk", 9));
        var parts = setup.Parts(
            targets => new PaaCriterion(targets, losses, setup.Coder, separation),
            decoding: options => options with { Quality = "centerness", QualityIsInScore = true });
        return AtssHead.Plan(reader, setup, parts with
        {
            Voting = reader.Bool("score_voting", true) ? new ScoreVoting(parts.Nms.ScoreThreshold) : null,
        });
    }
}
