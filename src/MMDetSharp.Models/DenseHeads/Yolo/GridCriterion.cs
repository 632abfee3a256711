using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// MMDetection's YOLOv3 loss: targets of <see cref="YoloTargets"/>, compared by <see cref="YoloLoss"/>.
/// </summary>
/// <param name="targets">Ground truth to targets.</param>
/// <param name="loss">Maps and targets to losses.</param>
public sealed class GridCriterion(YoloTargets targets, YoloLoss loss) : IYoloCriterion
{
    /// <summary>Ground truth to targets.</summary>
    internal YoloTargets Targets => targets;

    /// <inheritdoc/>
    public LossTerms Compute(Tensor[] maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        return loss.Compare(maps, targets.Make(AnchorHead.Sizes(maps), batch)).KeepIn(scope);
    }
}
