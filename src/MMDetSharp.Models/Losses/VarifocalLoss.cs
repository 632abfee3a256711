using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Scores learn the IoU of their box; only background is made to count less: VFL(p) = -q (q log p + (1 - q) log (1 - p)) for
/// objects, -alpha p^gamma log (1 - p) else: Zhang et al., "VarifocalNet", arXiv:2008.13367, equation 2, on sigmoids.
/// </summary>
/// <param name="options">alpha, gamma, and whether objects weigh q.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class VarifocalLoss(VarifocalLossOptions? options = null, WeightedReduction? reduction = null) : ILoss
{
    private readonly VarifocalLossOptions _options = options ?? new VarifocalLossOptions();

    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, K) logits.</param>
    /// <param name="target">(N, K) q: the IoU at an object's class, else 0.</param>
    /// <param name="weight">(N, K); null: 1.</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var quality = target.Single();
        prediction.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        quality.RequireShape(prediction.Shape, "Give one quality per score.");
        using var scope = TensorScope.Begin();
        var isObject = quality.Gt(0);
        var ofObject = _options.IoUWeighted ? quality : Tensor.OnesLike(quality);
        var ofBackground = (prediction.Sigmoid() - quality).Abs().Pow(_options.Gamma) * _options.Alpha;
        var losses = Functional.BinaryCrossEntropyWithLogits(prediction, quality)
            * Tensor.Where(isObject, ofObject, ofBackground);
        return scope.Keep(Reduction.Apply(losses, weight, averageFactor));
    }

    /// <summary>Reads <c>VarifocalLoss</c>.</summary>
    internal static VarifocalLoss FromConfig(ConfigReader reader)
    {
        SigmoidOnly.Require(reader, "varifocal loss");

        var defaults = new VarifocalLossOptions();
        return new(
            new()
            {
                Alpha = reader.NotNegative("alpha", defaults.Alpha),
                Gamma = reader.NotNegative("gamma", defaults.Gamma),
                IoUWeighted = reader.Bool("iou_weighted", defaults.IoUWeighted),
            },
            WeightedReduction.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new VarifocalLoss(_options, Reduction with { Reduction = reduction });
}

/// <summary>The constants of a <see cref="VarifocalLoss"/>.</summary>
public sealed record VarifocalLossOptions
{
    /// <summary>The weight of background.</summary>
    public double Alpha { get; init; } = 0.75;

    /// <summary>How much less well-classified background counts.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>Whether an object counts as much as its box is good.</summary>
    public bool IoUWeighted { get; init; } = true;
}
