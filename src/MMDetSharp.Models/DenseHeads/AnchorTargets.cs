using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Ground truth to targets: which object each anchor shall find, and what it shall predict.</summary>
/// <param name="options">Classes, borders, weights.</param>
/// <param name="generator">Makes the anchors.</param>
/// <param name="assigner">Decides which object each anchor finds.</param>
/// <param name="sampler">Samples the positives and negatives that count in the loss.</param>
/// <param name="coder">Encodes the objects' boxes; null where they are compared as they are.</param>
public sealed class AnchorTargets(
    AnchorHeadOptions options, IAnchorGenerator generator, IAssigner assigner, ISampler sampler, IBBoxCoder? coder)
{
    /// <summary>Generates the shapes that each anchor may take, for an assigner that asks for them; null: its own alone.</summary>
    public IAnchorGenerator? Approximations { get; init; }

    /// <summary>Makes the targets of a batch.</summary>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="batch">What happened to each image, and its objects.</param>
    /// <returns>Targets on the images' device; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">An image has no anchor that counts, or the batch has no ground truth.</exception>
    public AnchorTargetSet Make(IReadOnlyList<(long Height, long Width)> sizes, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.RequireGroundTruth("AnchorTargets");
        using var scope = TensorScope.Begin();
        var anchors = Grid(sizes, batch.GroundTruths[0].Boxes.Device);
        return Make([.. Enumerable.Repeat(anchors, batch.Count)], batch).KeepIn(scope);
    }

    /// <summary>As <see cref="Make(IReadOnlyList{ValueTuple{long, long}}, Batch)"/>, with anchors of each image.</summary>
    /// <param name="anchors">(B), of equal sizes.</param>
    /// <param name="batch">What happened to each image, and its objects.</param>
    internal AnchorTargetSet Make(IReadOnlyList<AnchorGrid> anchors, Batch batch)
    {
        batch.RequireGroundTruth("AnchorTargets");
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var images = new ImageTargets[batch.Count];
        var objects = 0L;
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = OfImage(anchors[i], batch.Infos[i], batch.GroundTruths[i], objects);
            objects += batch.GroundTruths[i].Count;
        }

        long[] counts = [.. anchors[0].Levels.Select(level => level.Size(0))];
        return new AnchorTargetSet(
            Stacked(anchors).Split(counts, 1),
            Levels(images, image => image.Labels, counts),
            Levels(images, image => image.LabelWeights, counts),
            Levels(images, image => image.BoxTargets, counts),
            Levels(images, image => image.BoxWeights, counts),
            Levels(images, image => image.Objects, counts),
            images.Sum(image => Math.Max(image.PositiveCount, 1)),
            images.Sum(image => Math.Max(image.NegativeCount, 1)))
        {
            ClassCount = options.ClassCount,
            IsSampled = options.Sampling,
        }.KeepIn(scope);
    }

    /// <summary>Predictions in the form that the box loss compares: encoded, or boxes.</summary>
    /// <param name="anchors">(N, 4) xyxy.</param>
    /// <param name="deltas">(N, 4) as the network predicts them.</param>
    internal Tensor Compared(Tensor anchors, Tensor deltas) =>
        options.CompareBoxes ? Coder.Decode(anchors, deltas) : deltas;

    /// <summary>The boxes of targets, or of predictions, in the form that the box loss compares.</summary>
    /// <param name="anchors">(N, 4) xyxy.</param>
    /// <param name="compared">(N, 4): encoded, or boxes.</param>
    /// <returns>(N, 4) xyxy.</returns>
    internal Tensor BoxesOf(Tensor anchors, Tensor compared) =>
        options.CompareBoxes ? compared : Coder.Decode(anchors, compared);

    /// <summary>Number of classes, allowed border and the weight of positives.</summary>
    internal AnchorHeadOptions Options => options;

    /// <summary>Generates the anchors of each level.</summary>
    internal IAnchorGenerator Generator => generator;

    /// <summary>Decides which object each anchor that counts finds.</summary>
    internal IAssigner Assigner => assigner;

    /// <summary>Samples the positives and negatives that count in the loss.</summary>
    internal ISampler Sampler => sampler;

    private IBBoxCoder Coder => coder ?? throw new InvalidOperationException(
        "AnchorTargets: encoded boxes must have a box coder, got none. Give one, or set CompareBoxes.");

    /// <summary>The anchors of maps.</summary>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="device">Where they go.</param>
    internal AnchorGrid Grid(IReadOnlyList<(long Height, long Width)> sizes, Device device) =>
        new(generator, Approximations, sizes, device);

    // Anchors that do not count stay background of weight 0.
    private ImageTargets OfImage(AnchorGrid anchors, ImageInfo info, GroundTruth truth, long objectsBefore)
    {
        using var scope = TensorScope.Begin();
        var (all, rows) = (anchors.All, anchors.Inside(info, options.AllowedBorder));
        var priors = anchors.Priors(rows);
        var sampled = sampler.Sample(assigner.Assign(priors, truth), priors.Boxes, truth);
        var (positive, negative) = (rows[sampled.PositiveIndices], rows[sampled.NegativeIndices]);
        var count = all.Size(0);
        var targets = new ImageTargets(
            Tensor.Full([count], options.ClassCount, ScalarType.Int64, all.Device),
            Tensor.Zeros([count], device: all.Device),
            Tensor.ZerosLike(all),
            Tensor.ZerosLike(all),
            Tensor.Full([count], -1, ScalarType.Int64, all.Device),
            positive.Size(0),
            negative.Size(0));
        var one = Tensor.Ones([], device: all.Device);
        targets.LabelWeights.IndexPutInPlace(negative, one);
        if (targets.PositiveCount > 0)
        {
            targets.Labels.IndexPutInPlace(positive, sampled.PositiveLabels);
            targets.LabelWeights.IndexPutInPlace(positive, options.PositiveWeight > 0 ? one * options.PositiveWeight : one);
            targets.BoxTargets.IndexPutInPlace(positive, options.CompareBoxes
                ? sampled.PositiveTargets
                : Coder.Encode(sampled.PositiveBoxes, sampled.PositiveTargets));
            targets.BoxWeights.IndexPutInPlace(positive, one);
            targets.Objects.IndexPutInPlace(positive, sampled.PositiveObjects + objectsBefore);
        }

        scope.Keep([targets.Labels, targets.LabelWeights, targets.BoxTargets, targets.BoxWeights, targets.Objects]);
        return targets;
    }

    // (B, P, 4); images that share their anchors share their memory.
    private static Tensor Stacked(IReadOnlyList<AnchorGrid> anchors) =>
        anchors.All(image => ReferenceEquals(image, anchors[0]))
            ? anchors[0].All.Unsqueeze(0).Expand(anchors.Count, -1, -1)
            : Tensor.Stack(0, [.. anchors.Select(image => image.All)]);

    // (P, ...) of each image to (B, P of the level, ...) of each level.
    private static Tensor[] Levels(ImageTargets[] images, Func<ImageTargets, Tensor> select, long[] counts) =>
        Tensor.Stack(0, [.. images.Select(select)]).Split(counts, 1);

    private sealed record ImageTargets(
        Tensor Labels,
        Tensor LabelWeights,
        Tensor BoxTargets,
        Tensor BoxWeights,
        Tensor Objects,
        long PositiveCount,
        long NegativeCount);
}

/// <summary>What every anchor of a batch should predict. P is the number of anchors of a level.</summary>
/// <param name="Anchors">Per level (B, P, 4) xyxy.</param>
/// <param name="Labels">Per level (B, P) int64; K is background.</param>
/// <param name="LabelWeights">Per level (B, P).</param>
/// <param name="BoxTargets">Per level (B, P, 4): encoded, or xyxy.</param>
/// <param name="BoxWeights">Per level (B, P, 4).</param>
/// <param name="Objects">Per level (B, P) int64: the object, counted over the batch; -1 without one.</param>
/// <param name="PositiveCount">Positive anchors of the batch; each image counts at least 1.</param>
/// <param name="NegativeCount">Background anchors of the batch; each image counts at least 1.</param>
public sealed record AnchorTargetSet(
    Tensor[] Anchors,
    Tensor[] Labels,
    Tensor[] LabelWeights,
    Tensor[] BoxTargets,
    Tensor[] BoxWeights,
    Tensor[] Objects,
    long PositiveCount,
    long NegativeCount)
{
    /// <summary>The number of classes, K: the label of background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether only sampled anchors count.</summary>
    public bool IsSampled { get; init; }

    /// <summary>What losses divide by: all sampled anchors, or the positive ones where all count.</summary>
    public double AverageFactor => IsSampled ? PositiveCount + NegativeCount : PositiveCount;

    /// <summary>The targets of one level as rows: image by image.</summary>
    /// <param name="level">From 0.</param>
    /// <returns>They belong to the caller.</returns>
    internal TargetRows OfLevel(int level) => Rows(targets => targets[level]);

    /// <summary>The targets of all levels as rows: image by image, and in it level by level.</summary>
    /// <returns>They belong to the caller.</returns>
    internal TargetRows ByImage() => Rows(targets => Tensor.Cat(1, targets));

    /// <summary>The centres of the anchors that learn an object, level by level.</summary>
    internal IEnumerable<PositivePlace> Positives()
    {
        for (var level = 0; level < Labels.Length; level++)
        {
            var (labels, boxes, count) = (Labels[level].ToInt64Array(), Anchors[level].ToArray(), Labels[level].Size(1));
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] != ClassCount)
                {
                    var (x, y) = (boxes[4 * i] + boxes[(4 * i) + 2], boxes[(4 * i) + 1] + boxes[(4 * i) + 3]);
                    yield return new((int)(i / count), level, x / 2, y / 2, (int)labels[i]);
                }
            }
        }
    }

    private TargetRows Rows(Func<Tensor[], Tensor> select)
    {
        using var scope = TensorScope.Begin();
        var labels = select(Labels);
        var rows = labels.Reshape(-1);
        return new TargetRows(
            select(Anchors).Reshape(-1, 4),
            rows,
            select(LabelWeights).Reshape(-1),
            select(BoxTargets).Reshape(-1, 4),
            select(BoxWeights).Reshape(-1, 4),
            select(Objects).Reshape(-1),
            rows.Ne(ClassCount).NonZero().Squeeze(-1)).KeepIn(scope);
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    /// <returns>These targets.</returns>
    public AnchorTargetSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        foreach (var tensors in (Tensor[][])[Anchors, Labels, LabelWeights, BoxTargets, BoxWeights, Objects])
        {
            scope.Keep(tensors);
        }

        return this;
    }
}

/// <summary>Targets as rows, N of them.</summary>
/// <param name="Anchors">(N, 4) xyxy.</param>
/// <param name="Labels">(N) int64; K is background.</param>
/// <param name="LabelWeights">(N).</param>
/// <param name="BoxTargets">(N, 4): encoded, or xyxy.</param>
/// <param name="BoxWeights">(N, 4).</param>
/// <param name="Objects">(N) int64: the object in the batch; -1 without one.</param>
/// <param name="Positive">(N+) int64: the rows that have an object.</param>
internal sealed record TargetRows(
    Tensor Anchors,
    Tensor Labels,
    Tensor LabelWeights,
    Tensor BoxTargets,
    Tensor BoxWeights,
    Tensor Objects,
    Tensor Positive)
{
    internal TargetRows KeepIn(TensorScope scope)
    {
        scope.Keep([Anchors, Labels, LabelWeights, BoxTargets, BoxWeights, Objects, Positive]);
        return this;
    }
}
