using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Smooth L1 whose small errors pull more: Pang et al., "Libra R-CNN", arXiv:1904.02701, equation 9:
/// alpha / b (b x + 1) ln(b x / beta + 1) - alpha x below beta, gamma x + gamma / b - alpha beta beyond.
/// </summary>
/// <param name="options">alpha, beta, gamma.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class BalancedL1Loss(BalancedL1LossOptions? options = null, WeightedReduction? reduction = null) : ILoss
{
    private readonly BalancedL1LossOptions _options = options ?? new();

    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        expected.RequireShape(prediction.Shape, "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Reduction.Apply(Losses((prediction - expected).Abs()), weight, averageFactor));
    }

    /// <summary>Reads <c>BalancedL1Loss</c>.</summary>
    internal static BalancedL1Loss FromConfig(ConfigReader reader)
    {
        var defaults = new BalancedL1LossOptions();
        return new(
            new()
            {
                Alpha = reader.Positive("alpha", defaults.Alpha),
                Beta = reader.Positive("beta", defaults.Beta),
                Gamma = reader.Positive("gamma", defaults.Gamma),
            },
            WeightedReduction.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new BalancedL1Loss(_options, Reduction with { Reduction = reduction });

    private Tensor Losses(Tensor errors)
    {
        var (alpha, beta, gamma) = (_options.Alpha, _options.Beta, _options.Gamma);
        var b = Math.Exp(gamma / alpha) - 1; // equation 8, so that both parts have the slope gamma at beta = 1
        var scaled = errors * b;
        return Tensor.Where(
            errors.Lt(beta),
            ((scaled + 1) * ((scaled / beta) + 1).Log() * (alpha / b)) - (errors * alpha),
            (errors * gamma) + ((gamma / b) - (alpha * beta)));
    }
}

/// <summary>The constants of a <see cref="BalancedL1Loss"/>.</summary>
public sealed record BalancedL1LossOptions
{
    /// <summary>How much small errors pull: the less, the more.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Where the linear part begins.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>The slope of the linear part.</summary>
    public double Gamma { get; init; } = 1.5;
}
