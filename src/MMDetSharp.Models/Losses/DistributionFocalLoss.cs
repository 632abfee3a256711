using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Makes the two whole numbers on both sides of a distance likely: DFL = -((y_(i+1) - y) log S_i + (y - y_i) log S_(i+1)):
/// Li et al., "Generalized Focal Loss", arXiv:2006.04388, equation 6.
/// </summary>
/// <param name="reduction">How single losses become one.</param>
public sealed class DistributionFocalLoss(WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, n + 1) logits of the whole numbers 0 to n.</param>
    /// <param name="target">(N) distances, 0 up to but not n.</param>
    /// <param name="weight">(N); null: 1.</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        prediction.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        var distances = target.Single();
        distances.RequireShape([prediction.Size(0)], "Give one distance per row.");
        using var scope = TensorScope.Begin();
        var below = distances.To(ScalarType.Int64); // y_i
        var above = distances - below.To(distances.Type); // y - y_i
        var losses = (Functional.CrossEntropy(prediction, below) * (1 - above))
            + (Functional.CrossEntropy(prediction, below + 1) * above);
        return scope.Keep(Reduction.Apply(losses, weight, averageFactor));
    }

    /// <summary>Reads <c>DistributionFocalLoss</c>.</summary>
    internal static DistributionFocalLoss FromConfig(ConfigReader reader) => new(WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new DistributionFocalLoss(Reduction with { Reduction = reduction });
}
