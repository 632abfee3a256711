using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>1 - GIoU: Rezatofighi et al., "Generalized Intersection over Union", arXiv:1902.09630, algorithm 1.</summary>
/// <param name="epsilon">Unions and enclosing boxes count at least this area.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class GIoULoss(double epsilon = 1e-6, WeightedReduction? reduction = null) : ILoss
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

    /// <summary>Reads <c>GIoULoss</c>.</summary>
    internal static GIoULoss FromConfig(ConfigReader reader) => new(reader.Positive("eps", 1e-6), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new GIoULoss(epsilon, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor prediction, Tensor target) =>
        1 - new BBoxOverlaps2D(epsilon).Aligned(prediction, target, OverlapMode.GIoU); // (N)
}
