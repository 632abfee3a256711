using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>The targets of YOLO heads, under the names of the reference's methods.</summary>
internal static class YoloTargetValues
{
    internal static void Add(
        YoloDenseHead head, IReadOnlyList<(long Height, long Width)> sizes, Batch batch, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        var targets = ((GridCriterion)head.Criterion!).Targets;
        var anchors = Tensor.Cat(0, head.Anchors.GridAnchors(sizes, Device.Cpu));
        for (var i = 0; i < batch.Count; i++)
        {
            var assigned = targets.Assign(anchors, sizes, batch.GroundTruths[i]);
            values.Add($"train/assign/{i}/gt_inds", assigned.GroundTruthIndices);
            values.Add($"train/assign/{i}/max_overlaps", assigned.MaxOverlaps);
        }

        var made = targets.Make(sizes, batch);
        values.Add("train/get_targets/0/0", made.Maps);
        values.Add("train/get_targets/0/1", made.Negatives);
    }
}
