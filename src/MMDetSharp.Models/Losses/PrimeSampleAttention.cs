using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// The two parts of prime sample attention, for anchors and for proposals: Cao et al., "Prime Sample Attention in Object
/// Detection", arXiv:1904.04821, section 4.
/// </summary>
internal static class PrimeSampleAttention
{
    /// <summary>
    /// Importance-based sample reweighting of positives (ISR-P): weights by rank, equation 3, normalised so that the sum of
    /// the losses stays, equation 4.
    /// </summary>
    /// <param name="weighting">From importance to weight.</param>
    /// <param name="samples">The positives.</param>
    /// <param name="overlaps">(N) IoU of each one's predicted box with its object.</param>
    /// <param name="weights">(N): their weights before.</param>
    /// <param name="loss">Of classes.</param>
    /// <returns>(N); it belongs to the caller.</returns>
    internal static Tensor Importance(
        PrimeWeighting weighting, PrimeSamples samples, Tensor overlaps, Tensor weights, ILoss loss)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var importance = HierarchicalLocalRank.Importance(overlaps, samples.Labels, samples.Objects); // u, equation 2
        var changed = weighting.Of(weights * importance);
        var each = loss.With(Reduction.None).Forward(samples.Scores, samples.Labels).Reshape(weights.Size(0), -1).Sum(1); // (N)
        return scope.Keep(changed * ((each * weights).Sum() / (each * changed).Sum()));
    }

    /// <summary>
    /// The classification-aware regression loss (CARL): boxes weighed by the score of their class, through which the
    /// gradient reaches the score; equations 5 and 6.
    /// </summary>
    /// <param name="weighting">From score to weight.</param>
    /// <param name="samples">The positives.</param>
    /// <param name="isSigmoid">Whether scores are sigmoids; else a softmax.</param>
    /// <param name="loss">Of boxes.</param>
    /// <param name="averageFactor">What the sum is divided by.</param>
    /// <returns>A scalar; it belongs to the caller.</returns>
    internal static Tensor ClassAwareLoss(
        PrimeWeighting weighting, PrimeSamples samples, bool isSigmoid, ILoss loss, double averageFactor)
    {
        using var scope = TensorScope.Begin();
        var probabilities = isSigmoid ? samples.Scores.Sigmoid() : samples.Scores.Softmax(1);
        var weights = weighting.Of(probabilities.Gather(1, samples.Labels.Unsqueeze(1))); // (N, 1)
        var each = loss.With(Reduction.None).Forward(samples.Boxes, samples.BoxTargets); // (N, 4)
        return scope.Keep((each * (weights * (weights.Size(0) / weights.Sum()))).Sum() / averageFactor);
    }
}

/// <summary>Positive samples, N of them.</summary>
/// <param name="Labels">(N) int64: classes.</param>
/// <param name="Objects">(N) int64: objects, counted over the batch.</param>
/// <param name="Scores">(N, C) logits.</param>
/// <param name="Boxes">(N, 4): predicted boxes, as the loss compares them.</param>
/// <param name="BoxTargets">(N, 4).</param>
internal sealed record PrimeSamples(Tensor Labels, Tensor Objects, Tensor Scores, Tensor Boxes, Tensor BoxTargets);

/// <summary>From importance to weight: w = ((1 - bias) u + bias) ^ k, equation 3.</summary>
/// <param name="Exponent">k: how much more the best count.</param>
/// <param name="Bias">The weight that the worst keep, before the power.</param>
public sealed record PrimeWeighting(double Exponent, double Bias)
{
    internal Tensor Of(Tensor importance) => ((importance * (1 - Bias)) + Bias).Pow(Exponent);
}
