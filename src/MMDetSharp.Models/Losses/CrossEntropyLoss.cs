using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>Cross entropy of classes (softmax), of independent classes (sigmoid), or of masks.</summary>
/// <param name="mode">Between which distributions.</param>
/// <param name="classWeight">(K) factors of the classes; null: 1.</param>
/// <param name="reduction">How single losses become one.</param>
public sealed class CrossEntropyLoss(
    CrossEntropyMode mode = CrossEntropyMode.Softmax,
    float[]? classWeight = null,
    WeightedReduction? reduction = null) : ILoss
{
    /// <inheritdoc/>
    public WeightedReduction Reduction { get; } = reduction ?? WeightedReduction.Default;

    /// <inheritdoc/>
    /// <param name="prediction">(N, K) logits; masks: (N, K, H, W).</param>
    /// <param name="target">(N) int64 labels; for sigmoids also (N, K) in [0, 1]; masks: (N, H, W) in [0, 1].</param>
    /// <param name="weight">(N), or of the losses' shape; masks: the (N) labels that choose the mask.</param>
    /// <param name="averageFactor">What a mean divides by.</param>
    public Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null)
    {
        var expected = target.Single();
        ArgumentNullException.ThrowIfNull(prediction);
        using var scope = TensorScope.Begin();
        var factors = classWeight is null ? null : Tensor.From(classWeight, classWeight.Length).To(prediction.Device);
        return scope.Keep(mode switch
        {
            CrossEntropyMode.Softmax => Reduction.Apply(
                Functional.CrossEntropy(prediction, expected, factors), weight, averageFactor),
            CrossEntropyMode.Sigmoid => Sigmoid(prediction, expected, weight, (factors, averageFactor)),
            _ => Mask(prediction, expected, weight, factors),
        });
    }

    /// <summary>Reads <c>CrossEntropyLoss</c>.</summary>
    internal static CrossEntropyLoss FromConfig(ConfigReader reader)
    {
        var (sigmoid, mask) = (reader.Bool("use_sigmoid", false), reader.Bool("use_mask", false));
        if (sigmoid && mask)
        {
            throw reader.Error("use_mask", "must be False where use_sigmoid is True. Remove one of them.");
        }

        var mode = sigmoid ? CrossEntropyMode.Sigmoid : mask ? CrossEntropyMode.Mask : CrossEntropyMode.Softmax;
        var weights = reader.FloatsOrNull("class_weight");
        return new(
            mode, weights is null ? null : Array.ConvertAll(weights, weight => (float)weight),
            WeightedReduction.FromConfig(reader));
    }

    /// <inheritdoc/>
    public ILoss With(Reduction reduction) =>
        new CrossEntropyLoss(mode, classWeight, Reduction with { Reduction = reduction });

    private Tensor Sigmoid(
        Tensor prediction, Tensor target, Tensor? weight, (Tensor? ClassWeight, double? AverageFactor) options)
    {
        if (target.Rank != prediction.Rank)
        {
            target = ClassTargets.Of(target, prediction); // (N, K)
            weight = weight?.Reshape(-1, 1); // (N, 1)
        }

        var losses = Functional.BinaryCrossEntropyWithLogits(
            prediction, target.To(prediction.Type), positiveWeight: options.ClassWeight);
        return Reduction.Apply(losses, weight, options.AverageFactor);
    }

    // As the reference: always the mean, as one element.
    private Tensor Mask(Tensor prediction, Tensor target, Tensor? labels, Tensor? classWeight)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var rows = Tensor.Arange(0, prediction.Size(0), 1, ScalarType.Int64, prediction.Device);
        var masks = prediction.Index(rows, labels); // (N, H, W)
        var losses = Functional.BinaryCrossEntropyWithLogits(masks, target.To(prediction.Type), classWeight);
        return losses.Mean().Reshape(1) * Reduction.LossWeight;
    }
}
