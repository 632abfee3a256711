using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// What a prediction is compared with: one tensor, or labels and the quality that the score of each should have (the
/// IoU of its box): Li et al., "Generalized Focal Loss", arXiv:2006.04388, equation 2.
/// </summary>
/// <param name="Value">Labels, boxes, distributions: what the loss says.</param>
/// <param name="Quality">(N) in [0, 1], beside (N) labels; null for losses that know no quality.</param>
public readonly record struct LossTarget(Tensor Value, Tensor? Quality = null)
{
    /// <summary>A target of one tensor.</summary>
    /// <param name="value">Borrowed.</param>
    public static implicit operator LossTarget(Tensor value) => FromTensor(value);

    /// <summary>A target of one tensor.</summary>
    /// <param name="value">Borrowed.</param>
    public static LossTarget FromTensor(Tensor value) => new(value);

    /// <summary>The one tensor of a loss that knows no quality.</summary>
    /// <exception cref="ArgumentException">There is a quality.</exception>
    public Tensor Single() => Quality is null
        ? Value
        : throw new ArgumentException(
            "Loss: the target must be one tensor, got labels and their quality. Give the labels alone, or choose a " +
            "loss of both.");
}
