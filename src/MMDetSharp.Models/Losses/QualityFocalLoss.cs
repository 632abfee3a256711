using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Focal loss whose positive target is the quality of the box: QFL(s) = |y - s|^beta CE(s, y): Li et al., "Generalized
/// Focal Loss", arXiv:2006.04388, equation 2, on sigmoids.
/// </summary>
/// <remarks>Label K means background: the quality of all its classes is 0.</remarks>
/// <param name="beta">How much less well-estimated examples count.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class QualityFocalLoss(double beta = 2, WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, K) logits.</param>
    /// <param name="target">(N) int64 labels, 0 to K; K is background; and (N) qualities in [0, 1].</param>
    /// <param name="weight">(N); null: 1.</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    /// <returns>A scalar, or (N): the classes of a row are summed. It belongs to the caller.</returns>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        prediction.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        target.Value.RequireShape([prediction.Size(0)], "Give one label per row.");
        var quality = target.Quality ?? throw new ArgumentException(
            "QualityFocalLoss: the target must be labels and their quality, got labels alone. Give both.", nameof(target));
        using var scope = TensorScope.Begin();
        var wanted = ClassTargets.Of(target.Value, prediction) * quality.Unsqueeze(1); // (N, K)
        var modulation = (wanted - prediction.Sigmoid()).Abs().Pow(beta);
        var losses = Functional.BinaryCrossEntropyWithLogits(prediction, wanted) * modulation; // (N, K)
        return scope.Keep(Reduction.Apply(losses.Sum(1), weight, averageFactor));
    }

    /// <summary>Reads <c>QualityFocalLoss</c>.</summary>
    internal static QualityFocalLoss FromConfig(ConfigReader reader)
    {
        SigmoidOnly.Require(reader, "quality focal loss");

        return new(reader.NotNegative("beta", 2.0), WeightedReduction.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) => new QualityFocalLoss(beta, Reduction with { Reduction = reduction });
}
