using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Quadratic near 0, linear beyond: Girshick, "Fast R-CNN", arXiv:1504.08083, equation 3, with the change at
/// <c>beta</c>.
/// </summary>
/// <param name="beta">Where the linear part begins; positive.</param>
/// <param name="reduction">How single losses become one.</param>
/// <exception cref="ArgumentException"><paramref name="beta"/> is not positive.</exception>
public sealed class SmoothL1Loss(double beta = 1, WeightedReduction? reduction = null) : ILoss
{
    private readonly double _beta = beta > 0
        ? beta
        : throw new ArgumentException($"SmoothL1Loss: beta must be positive, got {beta}. Use L1Loss in place of beta=0.");


    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        expected.RequireShape(prediction.Shape, "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.Apply(Functional.SmoothL1(prediction, expected, _beta), weight, averageFactor));
    }

    /// <summary>Reads <c>SmoothL1Loss</c>.</summary>
    internal static SmoothL1Loss FromConfig(ConfigReader reader) => new(reader.Positive("beta", 1.0), WeightedReduction.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new SmoothL1Loss(_beta, Reduction with { Reduction = reduction });
}
