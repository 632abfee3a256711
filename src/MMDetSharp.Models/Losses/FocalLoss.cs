using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Cross entropy in which easy examples count little: Lin et al., "Focal Loss for Dense Object Detection",
/// arXiv:1708.02002, equation 5, on sigmoids; FL(p) = -alpha (1 - p)^gamma log(p).
/// </summary>
/// <remarks>Label K means background: all classes are negative. Its gradient is known in closed form.</remarks>
/// <param name="options">alpha and gamma.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class FocalLoss(FocalLossOptions? options = null, WeightedReduction? reduction = null) : ILoss
{
    private readonly FocalLossOptions _options = options ?? new FocalLossOptions();

    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, K) logits.</param>
    /// <param name="target">(N) int64 labels, 0 to K; K is background.</param>
    /// <param name="weight">(N), or N K elements; null: 1.</param>
    /// <param name="averageFactor">What a mean divides by, usually the number of objects' anchors.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        prediction.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        expected.RequireShape([prediction.Size(0)], "Give one label per row.");
        using var scope = TensorScope.Begin();
        return scope.Keep(CanFuse(prediction, weight)
            ? Fused(prediction, expected, weight, averageFactor)
            : ByOperators(prediction, expected, weight, averageFactor));
    }

    /// <summary>Reads <c>FocalLoss</c>.</summary>
    internal static FocalLoss FromConfig(ConfigReader reader)
    {
        SigmoidOnly.Require(reader, "focal loss");

        var defaults = new FocalLossOptions();
        return new(
            new() { Gamma = reader.NotNegative("gamma", defaults.Gamma), Alpha = reader.Fraction("alpha", defaults.Alpha) },
            WeightedReduction.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new FocalLoss(_options, Reduction with { Reduction = reduction });

    /// <summary>The loss by tensor operators: on every device, with every weight and reduction.</summary>
    internal Tensor ByOperators(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor)
    {
        var (losses, gradient) = Elements(prediction.Detach(), target);
        var weights = weight is null || weight.ElementCount != prediction.Size(0)
            ? weight?.Reshape(prediction.Shape)
            : weight.Reshape(-1, 1); // (N, 1)
        return Reduction.Apply(ClosedForm.Elements(losses, prediction, gradient), weights, averageFactor);
    }

    private bool CanFuse(Tensor prediction, Tensor? weight) =>
        Reduction.Reduction != Losses.Reduction.None
        && prediction.Type == ScalarType.Float32
        && prediction.Device == Device.Cpu
        && prediction.ElementCount > 0
        && (weight is null || weight.ElementCount == prediction.Size(0));

    private Tensor Fused(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor)
    {
        var logits = prediction.Detach().Contiguous();
        var gradient = prediction.RequiresGrad ? Tensor.EmptyLike(logits) : null;
        var kernel = new FocalKernel
        {
            Gamma = (float)_options.Gamma,
            Alpha = (float)_options.Alpha,
            Scale = Reduction.Factor(prediction.ElementCount, averageFactor),
        };
        var value = Tensor.Scalar(kernel.Run(logits, target.ToInt64Array(), weight?.ToArray(), gradient));
        return gradient is null ? value : ClosedForm.Scalar(value, prediction, gradient);
    }

    // Losses and their derivatives by the logits; both clamp the logarithm's argument at the smallest normal float.
    private (Tensor Losses, Tensor Gradient) Elements(Tensor logits, Tensor target)
    {
        const double smallest = FocalKernel.Smallest;
        var (gamma, alpha) = (_options.Gamma, _options.Alpha);
        var p = logits.Sigmoid();
        var q = 1 - p;
        var positive = ClassTargets.Of(target, logits); // (N, K)
        var logP = p.Clamp(min: smallest).Log();
        var logQ = q.Clamp(min: smallest).Log();
        var (powerP, powerQ) = (p.Pow(gamma), q.Pow(gamma));
        var losses = Tensor.Where(positive, powerQ * logP * -alpha, powerP * logQ * -(1 - alpha));
        var gradient = Tensor.Where(
            positive,
            powerQ * (q - (p * logP * gamma)) * -alpha,
            powerP * ((q * logQ * gamma) - p) * -(1 - alpha));
        return (losses, gradient);
    }
}

/// <summary>The constants of a <see cref="FocalLoss"/>.</summary>
public sealed record FocalLossOptions
{
    /// <summary>How much less well-classified examples count.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>The weight of the object's class; the others weigh one minus it.</summary>
    public double Alpha { get; init; } = 0.25;
}
