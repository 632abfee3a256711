using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.DenseHeads.Atss;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Models.DenseHeads.Gfl;
using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Models.DenseHeads.Paa;
using MMDetSharp.Models.DenseHeads.Pisa;
using MMDetSharp.Models.DenseHeads.Sabl;
using MMDetSharp.Models.DenseHeads.Ssd;
using MMDetSharp.Models.DenseHeads.Vfnet;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>
/// What a criterion makes of the recorded objects, under the names of the reference's methods: one row per criterion.
/// </summary>
internal static class TargetValues
{
    private static readonly Dictionary<Type, Action<ICriterion, MapSet, Batch, ModelValues>> s_rows = new()
    {
        [typeof(AnchorCriterion)] = AddAnchorHead,
        [typeof(PisaCriterion)] = AddAnchorHead,
        [typeof(SsdCriterion)] = AddAnchorHead,
        [typeof(AtssCriterion)] = AddWithAnchors,
        [typeof(GflCriterion)] = AddWithAnchors,
        [typeof(PaaCriterion)] = (criterion, maps, batch, values) => AddPaa((PaaCriterion)criterion, maps, batch, values),
        [typeof(GuidedAnchorCriterion)] = (criterion, maps, batch, values) =>
            AddGuided(((GuidedAnchorCriterion)criterion).Targets, maps, batch, values),
        [typeof(SablCriterion)] = (criterion, maps, batch, values) => Add((SablCriterion)criterion, maps.Sizes, batch, values),
        [typeof(VfnetCriterion)] = (criterion, maps, batch, values) => AddVfnet((VfnetCriterion)criterion, maps, batch, values),
        [typeof(FcosCriterion)] = (criterion, maps, batch, values) => Add((FcosCriterion)criterion, maps.Sizes, batch, values),
        [typeof(YoloCriterion)] = (criterion, maps, batch, values) => Add((YoloCriterion)criterion, maps.Sizes, batch, values),
    };

    /// <summary>Adds anchors or points, assignments and targets.</summary>
    /// <param name="criterion">The head's.</param>
    /// <param name="maps">What the head predicted in training.</param>
    /// <param name="batch">The recorded images and objects.</param>
    /// <param name="values">Takes them.</param>
    internal static void Add(ICriterion criterion, MapSet maps, Batch batch, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        s_rows[criterion.GetType()](criterion, maps, batch, values);
    }

    private static void AddAnchorHead(ICriterion criterion, MapSet maps, Batch batch, ModelValues values) =>
        AddTargets(AddAnchors(criterion, maps, batch, values).Make(maps.Sizes, batch), 0, values);

    // ATSS's get_targets gives the anchors of each image first.
    private static void AddWithAnchors(ICriterion criterion, MapSet maps, Batch batch, ModelValues values) =>
        AddWithAnchors(((IAnchorCriterion)criterion).Targets, maps, batch, values);

    private static void AddWithAnchors(AnchorTargets targets, MapSet maps, Batch batch, ModelValues values)
    {
        var made = AddAnchors(targets, maps, batch, values).Make(maps.Sizes, batch);
        values.Add("train/get_targets/0/0", made.Anchors);
        AddTargets(made, 1, values);
    }

    // PAA's get_targets and paa_reassign go image by image.
    private static void AddPaa(PaaCriterion criterion, MapSet maps, Batch batch, ModelValues values)
    {
        var rows = AddAnchors(criterion, maps, batch, values).Make(maps.Sizes, batch).ByImage();
        var positive = criterion.Separate(rows, criterion.Flatten(maps), maps).ToInt64Array();
        var count = rows.Labels.Size(0) / batch.Count;
        var before = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            Tensor Part(Tensor all) => all.Narrow(0, i * count, count);
            var labels = Part(rows.Labels);
            var candidates = labels.Ne(criterion.Targets.Options.ClassCount).NonZero().Squeeze(-1);
            values.Add($"train/get_targets/0/0/{i}", labels);
            values.Add($"train/get_targets/0/1/{i}", Part(rows.LabelWeights));
            values.Add($"train/get_targets/0/2/{i}", Part(rows.BoxTargets));
            values.Add($"train/get_targets/0/3/{i}", Part(rows.BoxWeights));
            values.Add($"train/get_targets/0/4/{i}", candidates);
            values.Add($"train/get_targets/0/5/{i}", Part(rows.Objects)[candidates] - before);
            long[] kept = [.. positive.Where(row => row / count == i).Select(row => row % count)];
            var stays = Tensor.Zeros([count]);
            stays.IndexPutInPlace(Tensor.From(kept, kept.Length), Tensor.Ones([]));
            values.Add($"train/paa_reassign/{i}/0", Tensor.Where(
                stays.Gt(0), labels, Tensor.FullLike(labels, criterion.Targets.Options.ClassCount)));
            values.Add($"train/paa_reassign/{i}/1", Part(rows.LabelWeights));
            values.Add($"train/paa_reassign/{i}/2", Part(rows.BoxWeights) * stays.Unsqueeze(1));
            values.Add($"train/paa_reassign/{i}/3", kept.Length);
            before += batch.GroundTruths[i].Count;
        }
    }

    // VFNet's get_targets calls ATSS's, and brings the boxes into its own form.
    private static void AddVfnet(VfnetCriterion criterion, MapSet maps, Batch batch, ModelValues values)
    {
        AddWithAnchors(criterion.Targets.Anchors!, maps, batch, values);
        var places = criterion.Targets.Make(maps, batch);
        long[] counts = [.. maps.Sizes.Select(size => batch.Count * size.Height * size.Width)];
        foreach (var method in (string[])["get_targets/1", "get_atss_targets/0"])
        {
            values.Add($"train/{method}/0", places.Labels.Split(counts, 0));
            values.Add($"train/{method}/1", places.LabelWeights!);
            values.Add($"train/{method}/2", places.Distances.Split(counts, 0));
            values.Add($"train/{method}/3", Tensor.Cat(0, [.. criterion.Targets.Anchors!.Make(maps.Sizes, batch).BoxWeights
                .Select(weights => weights.Reshape(-1))]));
        }

        values.Add("train/transform_bbox_targets/0", places.Distances.Split(counts, 0));
    }

    private static AnchorTargets AddAnchors(ICriterion criterion, MapSet maps, Batch batch, ModelValues values) =>
        AddAnchors(((IAnchorCriterion)criterion).Targets, maps, batch, values);

    private static AnchorTargets AddAnchors(AnchorTargets targets, MapSet maps, Batch batch, ModelValues values)
    {
        var sizes = maps.Sizes;
        var anchors = targets.Grid(sizes, Device.Cpu);
        values.Add("anchors/anchor_generator", anchors.Levels);
        for (var i = 0; i < batch.Count; i++)
        {
            values.Add($"train/get_anchors/0/0/{i}", anchors.Levels);
            values.Add(
                $"train/get_anchors/0/1/{i}",
                targets.Generator.ValidFlags(sizes, batch.Infos[i].PadShape, Device.Cpu));
            AddAssigned(targets, anchors, batch, i, values);
        }

        return targets;
    }

    private static void AddAssigned(
        AnchorTargets targets, AnchorGrid anchors, Batch batch, int image, ModelValues values, int callsBefore = 0)
    {
        var (call, truth) = (callsBefore + image, batch.GroundTruths[image]);
        var priors = anchors.Priors(anchors.Inside(batch.Infos[image], targets.Options.AllowedBorder));
        var assigned = targets.Assigner.Assign(priors, truth);
        values.Add($"train/assign/{call}/gt_inds", assigned.GroundTruthIndices);
        values.Add($"train/assign/{call}/labels", assigned.Labels);
        values.Add($"train/assign/{call}/max_overlaps", assigned.MaxOverlaps);
        var sampled = targets.Sampler.Sample(assigned, priors.Boxes, truth);
        values.Add($"train/sample/{call}/pos_inds", sampled.PositiveIndices);
        values.Add($"train/sample/{call}/neg_inds", sampled.NegativeIndices);
        values.Add($"train/sample/{call}/pos_assigned_gt_inds", sampled.PositiveObjects);
    }

    // All places count in training, wherever anchors are probable.
    private static void AddGuided(GuidedAnchorTargets targets, MapSet maps, Batch batch, ModelValues values)
    {
        var squares = targets.Shapes.Grid(maps.Sizes, Device.Cpu);
        var approximations = targets.Shapes.Approximations!.GridAnchors(maps.Sizes, Device.Cpu);
        var guided = targets.Guided(squares, maps);
        values.Add("anchors/square_anchor_generator", squares.Levels);
        values.Add("anchors/approx_anchor_generator", approximations);
        for (var i = 0; i < batch.Count; i++)
        {
            var inside = Tensor.Zeros([squares.All.Size(0)]);
            inside.IndexPutInPlace(squares.Inside(batch.Infos[i], targets.Shapes.Options.AllowedBorder), Tensor.Ones([]));
            values.Add($"train/get_sampled_approxs/0/0/{i}", approximations);
            values.Add($"train/get_sampled_approxs/0/1/{i}", inside.Split([.. squares.Levels.Select(level => level.Size(0))]));
            values.Add($"train/get_anchors/0/0/{i}", squares.Levels);
            values.Add($"train/get_anchors/0/1/{i}", guided[i].Levels);
            values.Add($"train/get_anchors/0/2/{i}", Array.ConvertAll(squares.Levels, level => Tensor.Ones([level.Size(0)])));
            AddAssigned(targets.Shapes, squares, batch, i, values);
            AddAssigned(targets.Predictions, guided[i], batch, i, values, callsBefore: batch.Count);
        }

        var made = targets.Make(maps, batch);
        values.Add("train/ga_loc_targets/0/0", made.Locations.Centers);
        values.Add("train/ga_loc_targets/0/1", made.Locations.Weights);
        values.Add("train/ga_loc_targets/0/2", Tensor.Scalar(made.Locations.AverageFactor));
        values.Add("train/ga_shape_targets/0/0", [.. made.Shapes.Anchors.Zip(made.Shapes.BoxWeights, (anchors, weights) => anchors * weights)]);
        values.Add("train/ga_shape_targets/0/1", made.Shapes.BoxTargets);
        values.Add("train/ga_shape_targets/0/2", made.Shapes.BoxWeights);
        values.Add("train/ga_shape_targets/0/3", made.Shapes.PositiveCount);
        values.Add("train/ga_shape_targets/0/4", made.Shapes.NegativeCount);
        AddTargets(made.Predictions, 0, values);
    }

    private static void AddTargets(AnchorTargetSet made, int first, ModelValues values)
    {
        values.Add($"train/get_targets/0/{first}", made.Labels);
        values.Add($"train/get_targets/0/{first + 1}", made.LabelWeights);
        values.Add($"train/get_targets/0/{first + 2}", made.BoxTargets);
        values.Add($"train/get_targets/0/{first + 3}", made.BoxWeights);
        values.Add($"train/get_targets/0/{first + 4}", made.PositiveCount);
        values.Add($"train/get_targets/0/{first + 5}", made.NegativeCount);
    }

    // The recordings have rows of all squares; those without an object are 0.
    private static void Add(
        SablCriterion criterion, IReadOnlyList<(long, long)> sizes, Batch batch, ModelValues values)
    {
        var targets = criterion.Targets;
        var anchors = targets.Grid(sizes, Device.Cpu);
        values.Add("anchors/square_anchor_generator", anchors.Levels);
        values.Add("anchors/approx_anchor_generator", targets.Approximations!.GridAnchors(sizes, Device.Cpu));
        for (var i = 0; i < batch.Count; i++)
        {
            values.Add($"train/get_anchors/0/{i}", anchors.Levels);
            AddAssigned(targets, anchors, batch, i, values);
        }

        var made = targets.Make(sizes, batch);
        values.Add("train/get_target/0/0", made.Labels);
        values.Add("train/get_target/0/1", made.LabelWeights);
        values.Add("train/get_target/0/6", made.PositiveCount);
        values.Add("train/get_target/0/7", made.NegativeCount);
        for (var level = 0; level < sizes.Count; level++)
        {
            var rows = made.OfLevel(level);
            var sides = criterion.Encode(rows);
            Tensor[] recorded = [sides.Labels, sides.LabelWeights, sides.Offsets, sides.OffsetWeights];
            for (var i = 0; i < recorded.Length; i++)
            {
                var all = Tensor.Zeros([rows.Labels.Size(0), recorded[i].Size(1)]);
                all.IndexPutInPlace(rows.Positive, recorded[i]);
                values.Add($"train/get_target/0/{i + 2}/{level}", all.Reshape(batch.Count, -1, recorded[i].Size(1)));
            }
        }
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
