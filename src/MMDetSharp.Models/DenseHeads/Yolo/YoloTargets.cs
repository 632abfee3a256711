using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Ground truth to targets: the cell of the centre of an object's box is responsible, its best anchor learns box, objectness and
/// class: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, sections 2.1 and 2.2.
/// </summary>
/// <param name="options">Number of classes and label smoothing.</param>
/// <param name="generator">Makes the anchors and tells who is responsible.</param>
/// <param name="assigner">Makes the best of the responsible anchors positive.</param>
/// <param name="coder">Encodes the boxes.</param>
public sealed class YoloTargets(
    YoloTargetOptions options, YoloAnchorGenerator generator, GridAssigner assigner, IYoloBBoxCoder coder)
{
    private const int BoxAndObjectness = 5;

    /// <summary>Generates the anchors, and tells which are responsible.</summary>
    internal YoloAnchorGenerator Generator => generator;

    /// <summary>Makes the targets of a batch.</summary>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="batch">The objects of each image.</param>
    /// <returns>On the images' device; they belong to the caller.</returns>
    /// <exception cref="ArgumentException">The batch has no annotations.</exception>
    public YoloTargetSet Make(IReadOnlyList<(long Height, long Width)> sizes, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.RequireGroundTruth("YOLO targets");

        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var levels = generator.GridAnchors(sizes, batch.Images.Device);
        var counts = Array.ConvertAll(levels, level => level.Size(0));
        var anchors = Tensor.Cat(0, levels); // (P, 4), all levels
        var strides = Tensor.Cat(0, [.. levels.Select(Strides)]); // (P)
        var images = batch.GroundTruths
            .Select(truth => OfImage(anchors, strides, Assign(anchors, sizes, truth), truth)).ToArray();
        return new YoloTargetSet(
            Tensor.Stack(0, [.. images.Select(image => image.Map)]).Split(counts, 1),
            Tensor.Stack(0, [.. images.Select(image => image.Negatives)]).Split(counts, 1)).KeepIn(scope);
    }

    /// <summary>Decides which object each anchor finds.</summary>
    /// <param name="anchors">(P, 4) xyxy, all levels.</param>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="truth">The image's objects.</param>
    internal AssignResult Assign(Tensor anchors, IReadOnlyList<(long Height, long Width)> sizes, GroundTruth truth) =>
        assigner.Assign(new(anchors) { Responsible = generator.ResponsibleFlags(sizes, truth.Boxes) }, truth);

    private (Tensor Map, Tensor Negatives) OfImage(
        Tensor anchors, Tensor strides, AssignResult assigned, GroundTruth truth)
    {
        long[] shape = [anchors.Size(0), BoxAndObjectness + options.ClassCount];
        var map = Tensor.Zeros(shape, device: anchors.Device); // (P, 5 + K)
        var rows = assigned.GroundTruthIndices.Gt(0).NonZero().Squeeze(-1); // (N)
        if (rows.Size(0) > 0)
        {
            var objects = assigned.GroundTruthIndices[rows] - 1; // (N)
            var boxes = coder.Encode(anchors[rows], truth.Boxes[objects], strides[rows]); // (N, 4)
            var found = Tensor.Ones([rows.Size(0), 1], device: anchors.Device);
            map.IndexPutInPlace(rows, Tensor.Cat(1, boxes, found, Classes(truth.Labels[objects]))); // (N, 5 + K)
        }

        return (map, assigned.GroundTruthIndices.Eq(0));
    }

    // Szegedy et al., "Rethinking the Inception Architecture", arXiv:1512.00567, section 7.
    private Tensor Classes(Tensor labels)
    {
        var oneHot = Functional.OneHot(labels, options.ClassCount).To(ScalarType.Float32); // (N, K)
        return options.LabelSmoothing == 0
            ? oneHot
            : (oneHot * (1 - options.LabelSmoothing)) + (options.LabelSmoothing / options.ClassCount);
    }

    private Tensor Strides(Tensor anchors, int level) =>
        Tensor.Full([anchors.Size(0)], generator.Levels[level].Stride, device: anchors.Device);
}

/// <summary>Number of classes and label smoothing of <see cref="YoloTargets"/>.</summary>
public sealed record YoloTargetOptions
{
    /// <summary>The number of classes, K.</summary>
    public required int ClassCount { get; init; }

    /// <summary>
    /// How much of an object's class is spread over all classes: the reference's <c>one_hot_smoother</c>.
    /// </summary>
    public double LabelSmoothing { get; init; }
}

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
