using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// DIoU loss and a term for the ratio of the sides: Zheng et al., "Enhancing Geometric Factors", arXiv:2005.03572,
/// equations 8-10.
/// </summary>
/// <param name="epsilon">Added to unions, squared diagonals and heights.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class CIoULoss(double epsilon = 1e-6, WeightedReduction? reduction = null) : ILoss
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

    /// <summary>Reads <c>CIoULoss</c>.</summary>
    internal static CIoULoss FromConfig(ConfigReader reader) => new(reader.Positive("eps", 1e-6), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new CIoULoss(epsilon, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor prediction, Tensor target)
    {
        var pair = new BoxPair(prediction, target, epsilon);
        var v = pair.AngleDifference().Pow(2) * (4 / (Math.PI * Math.PI)); // (9)
        return 1 - (pair.DIoU() - (v.Pow(2) / (1 - pair.IoU + v))); // (8), (10), (N)
    }
}
