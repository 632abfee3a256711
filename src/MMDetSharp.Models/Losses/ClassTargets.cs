using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>Labels as what each class's own score should be.</summary>
internal static class ClassTargets
{
    /// <summary>Where a score belongs to the label's class. Labels outside 0 .. K - 1, such as K for background, have none.</summary>
    /// <param name="labels">(N) int64.</param>
    /// <param name="scores">(N, K).</param>
    /// <returns>(N, K) bool; it belongs to the caller.</returns>
    internal static Tensor Of(Tensor labels, Tensor scores)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(
            Tensor.Arange(0, scores.Size(1), 1, ScalarType.Int64, scores.Device).Eq(labels.Unsqueeze(1)));
    }
}
