using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Fcos;

/// <summary>
/// FCOS's training objective: classes of all places, boxes of positive places weighed by their centerness, and
/// centerness: Tian et al., arXiv:1904.01355, equation 2 and section 3.3.
/// </summary>
/// <remarks>As the reference: classes are averaged over positive places and images, so that the divisor is never 0.</remarks>
/// <param name="targets">What every place should predict.</param>
/// <param name="points">Generates the points of each level, one per cell.</param>
/// <param name="losses">What each output is compared by.</param>
public sealed class FcosCriterion(FcosTargets targets, PointGenerator points, FcosLosses losses) : ICriterion
{
    /// <summary>What every place should predict.</summary>
    internal FcosTargets Targets => targets;

    /// <summary>Generates the points of each level, one per cell.</summary>
    internal PointGenerator Points => points;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_pred</c> and <c>centerness</c>.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox and loss_centerness, scalars; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Begin();
        var grid = points.GridPoints(maps.Sizes, maps.Device);
        var wanted = targets.Make(grid, batch);
        var labels = Tensor.Cat(0, wanted.Labels); // (N), all levels and images
        var positive = labels.Ne(targets.Options.ClassCount).NonZero().Squeeze(-1); // (N+)
        var found = new Positives(
            Tensor.Cat(0, [.. grid.Select(level => level.Repeat(batch.Count, 1))])[positive],
            Rows(maps["bbox_pred"], 4)[positive],
            Rows(maps["centerness"], 1).Reshape(-1)[positive],
            Tensor.Cat(0, wanted.Distances)[positive]);
        var terms = new LossTerms();
        terms.Add("loss_cls", losses.Classes.Forward(
            Rows(maps["cls_score"], targets.Options.ClassCount), labels, averageFactor: positive.Size(0) + batch.Count));
        var (boxes, centerness) = positive.Size(0) > 0
            ? Compare(found)
            : (found.Distances.Sum(), found.Centerness.Sum()); // 0, with gradients of 0
        terms.Add("loss_bbox", boxes);
        terms.Add("loss_centerness", centerness);
        return terms.KeepIn(scope);
    }

    /// <summary>Equation 3: 1 at the centre of a box, 0 at its sides.</summary>
    /// <param name="distances">(N, 4) left, top, right, bottom, positive.</param>
    /// <returns>(N); it belongs to the caller.</returns>
    internal static Tensor Centerness(Tensor distances)
    {
        using var scope = TensorScope.Begin();
        var ltrb = distances.Unbind(-1);
        var horizontal = ltrb[0].Minimum(ltrb[2]) / ltrb[0].Maximum(ltrb[2]);
        var vertical = ltrb[1].Minimum(ltrb[3]) / ltrb[1].Maximum(ltrb[3]);
        return scope.Keep((horizontal * vertical).Sqrt());
    }

    private (Tensor Boxes, Tensor Centerness) Compare(Positives found)
    {
        var centerness = Centerness(found.Targets); // (N+)
        return (
            losses.Boxes.Forward(
                DistancePointBBoxCoder.Decode(found.Points, found.Distances),
                DistancePointBBoxCoder.Decode(found.Points, found.Targets),
                centerness,
                centerness.Sum().Item()),
            losses.Centerness.Forward(found.Centerness, centerness));
    }

    // (B, C, H, W) of each level to (N, C): levels, images, rows, columns.
    private static Tensor Rows(Tensor[] levels, int columns) =>
        Tensor.Cat(0, [.. levels.Select(map => map.Permute(0, 2, 3, 1).Reshape(-1, columns))]);

    private sealed record Positives(Tensor Points, Tensor Distances, Tensor Centerness, Tensor Targets);
}

/// <summary>What each output of FCOS is compared by.</summary>
public sealed record FcosLosses
{
    /// <summary>Of classes, at all places.</summary>
    public required ILoss Classes { get; init; }

    /// <summary>Of boxes, at positive places.</summary>
    public required ILoss Boxes { get; init; }

    /// <summary>Of centerness, at positive places.</summary>
    public required ILoss Centerness { get; init; }
}
