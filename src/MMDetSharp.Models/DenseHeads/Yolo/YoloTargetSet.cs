using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>What the anchors of each level shall predict.</summary>
/// <param name="Maps">
/// (B, P, 5 + K) per level: x, y, w, h as the coder encodes them, 1 for an object, the classes; 0 where no object is.
/// </param>
/// <param name="Negatives">(B, P) truth values per level: background. Others without an object count in no loss.</param>
public sealed record YoloTargetSet(Tensor[] Maps, Tensor[] Negatives)
{
    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public YoloTargetSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep(Maps);
        scope.Keep(Negatives);
        return this;
    }
}
