using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// GHM-C: cross entropy on sigmoids, each element weighed by the density of its gradient |p - p*|: Li et al.,
/// arXiv:1811.05181, equation 8. The reference's <c>GHMC</c>. Its state is that of <see cref="GradientDensity"/>.
/// </summary>
/// <param name="options">Regions, momentum, factor.</param>
public sealed class GhmClassLoss(GhmOptions? options = null) : IStatefulLoss
{
    private readonly GradientDensity _density = (options ?? new()).Density(1 + 1e-6f);

    /// <inheritdoc/>
    public Module State => _density;

    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = (options ?? new()).Reduction;

    /// <inheritdoc/>
    /// <param name="prediction">(N, K) logits.</param>
    /// <param name="target">(N) int64 labels, K is background; or (N, K) of 0 and 1.</param>
    /// <param name="weight">(N), or (N, K): elements above 0 count, all the same; null: all.</param>
    /// <param name="averageFactor">Not used: the mean is over the elements that count.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        prediction.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        using var scope = TensorScope.Begin();
        expected = (expected.Rank == 1 ? ClassTargets.Of(expected, prediction) : expected).To(prediction.Type); // (N, K)
        weight ??= Tensor.Ones([prediction.Size(0)], device: prediction.Device);
        var counts = (weight.Rank == 1 ? weight.Unsqueeze(1) : weight).Gt(0).Expand(prediction.Shape);
        var total = Math.Max(counts.Sum().Item(), 1);
        var lengths = (prediction.Detach().Sigmoid() - expected).Abs(); // equation 2
        var losses = Functional.BinaryCrossEntropyWithLogits(prediction, expected);
        return scope.Keep(Reduction.Apply(losses, _density.Weigh(lengths, counts, total) / total, null));
    }

    /// <summary>Reads <c>GHMC</c>.</summary>
    internal static GhmClassLoss FromConfig(ConfigReader reader)
    {
        SigmoidOnly.Require(reader, "GHM-C");

        return new(GhmOptions.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => throw GhmOptions.NoOtherReduction("GHMC");
}

/// <summary>What both losses of GHM count by; the names are the reference's.</summary>
public sealed record GhmOptions
{
    /// <summary>M: the unit regions of gradient lengths.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>The share of earlier counts; 0: none are kept.</summary>
    public double Momentum { get; init; }

    /// <summary>The factor of the whole loss.</summary>
    public double LossWeight { get; init; } = 1;

    /// <summary>A sum, for the losses are divided by what they count.</summary>
    internal WeightedReduction Reduction => new() { Reduction = Losses.Reduction.Sum, LossWeight = LossWeight };

    /// <summary>Reads <c>bins</c>, <c>momentum</c> and <c>loss_weight</c>.</summary>
    /// <param name="reader">A loss's node.</param>
    internal static GhmOptions FromConfig(ConfigReader reader)
    {
        var options = new GhmOptions
        {
            Bins = reader.Positive("bins", 10),
            Momentum = reader.Fraction("momentum", 0),
            LossWeight = reader.NotNegative("loss_weight", 1.0),
        };
        new OptionCheck("GHM", reader.Error).Require(options.Momentum < 1, "momentum", "must be below 1", options.Momentum);
        return options;
    }

    /// <summary>The error of a use that needs one loss an element.</summary>
    /// <param name="name">The loss, as configs name it.</param>
    internal static NotSupportedException NoOtherReduction(string name) => new(
        $"{name}: it must be reduced to one number, a loss of each element was asked for. Take another loss here.");

    /// <summary>Counts by these options.</summary>
    /// <param name="last">The edge behind the last region.</param>
    internal GradientDensity Density(float last) => new(Bins, Momentum, last);
}
