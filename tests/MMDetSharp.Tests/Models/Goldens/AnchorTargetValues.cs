using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>The targets of anchor-based heads, under the names of the reference's methods.</summary>
internal static class AnchorTargetValues
{
    internal static void Add(
        AnchorHead head, IReadOnlyList<(long Height, long Width)> sizes, Batch batch, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        var targets = head.Targets!;
        var anchors = head.Anchors.GridAnchors(sizes, Device.Cpu);
        var all = Tensor.Cat(0, anchors);
        for (var i = 0; i < batch.Count; i++)
        {
            values.Add($"train/get_anchors/0/0/{i}", anchors);
            values.Add($"train/get_anchors/0/1/{i}", head.Anchors.ValidFlags(sizes, batch.Infos[i].PadShape, Device.Cpu));
            var assigned = targets.Assign(all[targets.Inside(all, sizes, batch.Infos[i])], batch.GroundTruths[i]);
            values.Add($"train/assign/{i}/gt_inds", assigned.GroundTruthIndices);
            values.Add($"train/assign/{i}/labels", assigned.Labels);
            values.Add($"train/assign/{i}/max_overlaps", assigned.MaxOverlaps);
        }

        var made = targets.Make(sizes, batch);
        values.Add("train/get_targets/0/0", made.Labels);
        values.Add("train/get_targets/0/1", made.LabelWeights);
        values.Add("train/get_targets/0/2", made.BoxTargets);
        values.Add("train/get_targets/0/3", made.BoxWeights);
        values.Add("train/get_targets/0/4", made.PositiveCount);
        values.Add("train/get_targets/0/5", made.NegativeCount);
    }
}
