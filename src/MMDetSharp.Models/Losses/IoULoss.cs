using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>Minus the logarithm of the IoU: Yu et al., "UnitBox", arXiv:1608.01471, algorithm 1.</summary>
/// <param name="epsilon">The least IoU: its logarithm stays finite.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class IoULoss(double epsilon = 1e-6, WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, 4) xyxy.</param>
    /// <param name="target">(N, 4) xyxy.</param>
    /// <param name="weight">(N), or (N, 4) of which the average counts.</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        prediction.RequireShape([ShapeGuard.Any, 4]);
        expected.RequireShape([prediction.Size(0), 4], "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.ApplyToBoxes(prediction, weight, averageFactor, () => Losses(prediction, expected)));
    }

    /// <summary>Reads <c>IoULoss</c>.</summary>
    internal static IoULoss FromConfig(ConfigReader reader) => new(reader.Positive("eps", 1e-6), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new IoULoss(epsilon, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor prediction, Tensor target) =>
        -new BBoxOverlaps2D().Aligned(prediction, target).Clamp(min: epsilon).Log(); // (N)
}
