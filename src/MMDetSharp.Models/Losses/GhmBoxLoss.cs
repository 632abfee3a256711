using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// GHM-R: the authentic smooth L1, sqrt(d^2 + mu^2) - mu, each element weighed by the density of its gradient
/// |d| / sqrt(d^2 + mu^2): Li et al., arXiv:1811.05181, equations 12 to 14. The reference's <c>GHMR</c>. Its state is that
/// of <see cref="GradientDensity"/>.
/// </summary>
/// <param name="mu">Where the linear part begins, about; positive.</param>
/// <param name="options">Regions, momentum, factor.</param>
public sealed class GhmBoxLoss(double mu = 0.02, GhmOptions? options = null) : IStatefulLoss
{
    private readonly GradientDensity _density = (options ?? new()).Density(1000);

    /// <inheritdoc/>
    public Module State => _density;

    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = (options ?? new()).Reduction;

    /// <inheritdoc/>
    /// <param name="prediction">(N, 4) encoded.</param>
    /// <param name="target">(N, 4).</param>
    /// <param name="weight">(N, 4): elements above 0 count, all the same; their sum is what the mean divides by; null: 1.</param>
    /// <param name="averageFactor">Not used.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        expected.RequireShape(prediction.Shape, "Give one target per prediction.");
        using var scope = TensorScope.Begin();
        weight ??= Tensor.OnesLike(prediction);
        var total = Math.Max(weight.Sum().Item(), 1);
        var difference = prediction - expected;
        var rooted = ((difference * difference) + (mu * mu)).Sqrt();
        var lengths = (difference / rooted).Detach().Abs(); // equation 13
        return scope.Keep(Reduction.Apply(rooted - mu, _density.Weigh(lengths, weight.Gt(0), total) / total, null));
    }

    /// <summary>Reads <c>GHMR</c>.</summary>
    internal static GhmBoxLoss FromConfig(ConfigReader reader) =>
        new(reader.Positive("mu", 0.02), GhmOptions.FromConfig(reader));

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => throw GhmOptions.NoOtherReduction("GHMR");
}
