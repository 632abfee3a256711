using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>
/// What a criterion makes of the recorded objects, under the names of the reference's methods: one row per criterion.
/// </summary>
internal static class TargetValues
{
    private static readonly Dictionary<Type, Action<ICriterion, IReadOnlyList<(long, long)>, Batch, ModelValues>> s_rows = new()
    {
        [typeof(AnchorCriterion)] = (criterion, sizes, batch, values) => Add((AnchorCriterion)criterion, sizes, batch, values),
        [typeof(FcosCriterion)] = (criterion, sizes, batch, values) => Add((FcosCriterion)criterion, sizes, batch, values),
        [typeof(YoloCriterion)] = (criterion, sizes, batch, values) => Add((YoloCriterion)criterion, sizes, batch, values),
    };

    /// <summary>Adds anchors or points, assignments and targets.</summary>
    /// <param name="criterion">The head's.</param>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="batch">The recorded images and objects.</param>
    /// <param name="values">Takes them.</param>
    internal static void Add(
        ICriterion criterion, IReadOnlyList<(long Height, long Width)> sizes, Batch batch, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        s_rows[criterion.GetType()](criterion, sizes, batch, values);
    }

    private static void Add(AnchorCriterion criterion, IReadOnlyList<(long, long)> sizes, Batch batch, ModelValues values)
    {
        var targets = criterion.Targets;
        var anchors = targets.Generator.GridAnchors(sizes, Device.Cpu);
        var all = Tensor.Cat(0, anchors);
        values.Add("anchors/anchor_generator", anchors);
        for (var i = 0; i < batch.Count; i++)
        {
            values.Add($"train/get_anchors/0/0/{i}", anchors);
            values.Add(
                $"train/get_anchors/0/1/{i}",
                targets.Generator.ValidFlags(sizes, batch.Infos[i].PadShape, Device.Cpu));
            var assigned = targets.Assign(
                all, anchors, targets.Inside(all, sizes, batch.Infos[i]), batch.GroundTruths[i]);
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

    private static void Add(
        FcosCriterion criterion, IReadOnlyList<(long, long)> sizes, Batch batch, ModelValues values)
    {
        var points = criterion.Points.GridPoints(sizes, Device.Cpu);
        var made = criterion.Targets.Make(points, batch);
        values.Add("anchors/points", points);
        values.Add("train/get_targets/0/0", made.Labels);
        values.Add("train/get_targets/0/1", made.Distances);
    }

    private static void Add(YoloCriterion criterion, IReadOnlyList<(long, long)> sizes, Batch batch, ModelValues values)
    {
        var targets = criterion.Targets;
        var anchors = targets.Generator.GridAnchors(sizes, Device.Cpu);
        var all = Tensor.Cat(0, anchors);
        values.Add("anchors/anchor_generator", anchors);
        for (var i = 0; i < batch.Count; i++)
        {
            var assigned = targets.Assign(all, sizes, batch.GroundTruths[i]);
            values.Add($"train/assign/{i}/gt_inds", assigned.GroundTruthIndices);
            values.Add($"train/assign/{i}/max_overlaps", assigned.MaxOverlaps);
        }

        var made = targets.Make(sizes, batch);
        values.Add("train/get_targets/0/0", made.Maps);
        values.Add("train/get_targets/0/1", made.Negatives);
    }
}
