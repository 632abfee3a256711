using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>What all losses share: weights of the elements, the reduction, and the factor of the whole loss.</summary>
public sealed record WeightedReduction
{
    /// <summary>The mean over all elements, times 1.</summary>
    public static WeightedReduction Default { get; } = new();

    /// <summary>How single losses become one.</summary>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <summary>The factor of the whole loss.</summary>
    public double LossWeight { get; init; } = 1;

    /// <summary>Reads <c>reduction</c> and <c>loss_weight</c> of a loss's node.</summary>
    internal static WeightedReduction FromConfig(ConfigReader reader) => new()
    {
        Reduction = reader.ChoiceOr("reduction", "mean", "mean", "sum", "none") switch
        {
            "mean" => Reduction.Mean,
            "sum" => Reduction.Sum,
            _ => Reduction.None,
        },
        LossWeight = reader.NotNegative("loss_weight", 1.0),
    };

    /// <summary>Multiplies by the elements' weights, reduces, and multiplies by <see cref="LossWeight"/>.</summary>
    /// <param name="losses">Of single elements.</param>
    /// <param name="weight">Factors, broadcast; null: 1.</param>
    /// <param name="averageFactor">What a mean divides by; null: the number of elements.</param>
    /// <exception cref="ArgumentException">An average factor was given for a sum.</exception>
    internal Tensor Apply(Tensor losses, Tensor? weight, double? averageFactor)
    {
        var weighted = weight is null ? losses : losses * weight;
        return Reduction == Reduction.None
            ? weighted * LossWeight
            : weighted.Sum() * Factor(weighted.ElementCount, averageFactor);
    }

    /// <summary>As <see cref="Apply"/>, for losses of one number per box.</summary>
    /// <param name="prediction">(N, 4).</param>
    /// <param name="weight">(N), or (N, 4) of which the average counts; null: 1.</param>
    /// <param name="averageFactor">What a mean divides by; null: the number of boxes.</param>
    /// <param name="losses">Makes the (N) losses; not called when no weight is positive.</param>
    internal Tensor ApplyToBoxes(Tensor prediction, Tensor? weight, double? averageFactor, Func<Tensor> losses)
    {
        // As the reference: without a positive weight the loss is 0 and so is the gradient, whatever the boxes are.
        if (weight is not null && Reduction != Reduction.None && weight.Gt(0).Any().Item() == 0)
        {
            return (prediction * (weight.Rank == 1 ? weight.Unsqueeze(1) : weight)).Sum();
        }

        return Apply(losses(), weight is { Rank: > 1 } ? weight.Mean(-1) : weight, averageFactor);
    }

    /// <summary>The factor of the sum of all weighted losses.</summary>
    internal double Factor(long count, double? averageFactor) => (Reduction, averageFactor) switch
    {
        (Reduction.Mean, null) => LossWeight / count,
        (Reduction.Mean, { } average) => LossWeight / average,
        (Reduction.Sum, null) => LossWeight,
        _ => throw new ArgumentException(
            $"Loss: an average factor needs the reduction Mean, got {Reduction}. Leave the average factor out."),
    };
}
