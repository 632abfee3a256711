using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads.RetinaNet;
using MMDetSharp.Models.Losses;

namespace MMDetSharp.Models.DenseHeads.Pisa;

/// <summary>RetinaNet's layers, trained with prime sample attention: Cao et al., arXiv:1904.04821.</summary>
internal static class PisaRetinaHead
{
    /// <summary>Reads <c>PISARetinaHead</c>.</summary>
    internal static HeadPlan FromConfig(ConfigReader reader, HeadContext context)
    {
        var setup = AnchorHeadSetup.FromConfig(reader, context, new(RetinaHead.Anchors));
        var options = new PisaOptions
        {
            Importance = Weighting(context.TrainConfig, "isr", exponent: 2, bias: 0),
            ClassAware = Weighting(context.TrainConfig, "carl", exponent: 1, bias: 0.2),
        };
        return RetinaHead.Plan(reader, setup, setup.Parts(
            targets => new PisaCriterion(targets, (setup.ClassLoss, setup.BoxLoss), options)));
    }

    private static PrimeWeighting? Weighting(ConfigReader? train, string key, double exponent, double bias) =>
        train?.NodeOrNull(key) is { } node
            ? new(node.NotNegative("k", exponent), node.Fraction("bias", bias))
            : null;
}
