using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// 1 - IoU + the squared distance of the centres by the squared diagonal of the enclosing box: Zheng et al., "Distance-IoU
/// Loss", arXiv:1911.08287, equation 7.
/// </summary>
/// <param name="epsilon">Added to unions and squared diagonals.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class DIoULoss(double epsilon = 1e-6, WeightedReduction? reduction = null) : ILoss
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

    /// <summary>Reads <c>DIoULoss</c>.</summary>
    internal static DIoULoss FromConfig(ConfigReader reader) => new(reader.Positive("eps", 1e-6), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new DIoULoss(epsilon, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor prediction, Tensor target) =>
        1 - new BoxPair(prediction, target, epsilon).DIoU(); // (N)
}
