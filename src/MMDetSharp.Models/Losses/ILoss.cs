using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>A loss of predictions against targets, with weights, reduction and factor.</summary>
public interface ILoss
{
    /// <summary>How single losses become one.</summary>
    WeightedReduction Reduction { get; }

    /// <summary>Computes, weights and reduces the loss.</summary>
    /// <param name="prediction">What the network said, one row per sample.</param>
    /// <param name="target">What it should have said: one tensor, or labels and their quality.</param>
    /// <param name="weight">Factors of the rows (N) or of the elements; null: 1.</param>
    /// <param name="averageFactor">What a mean divides by, usually the number of samples; null: their count.</param>
    /// <returns>A scalar, or one loss per element or row; it belongs to the caller.</returns>
    Tensor Forward(Tensor prediction, LossTarget target, Tensor? weight = null, double? averageFactor = null);

    /// <summary>The same loss with another reduction.</summary>
    /// <param name="reduction">The reduction that replaces this one.</param>
    ILoss With(Reduction reduction);
}
