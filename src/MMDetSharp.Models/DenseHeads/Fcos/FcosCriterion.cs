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
public sealed class FcosCriterion(FcosTargets targets, PointGenerator points, PlaceLosses losses) : ICriterion, IPositivePlaces
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
        var found = new PositiveRows(
            Tensor.Cat(0, [.. grid.Select(level => level.Repeat(batch.Count, 1))])[positive],
            MapRows.ByLevel(maps["bbox_pred"], 4)[positive],
            MapRows.ByLevel(maps["centerness"], 1).Reshape(-1)[positive],
            Tensor.Cat(0, wanted.Distances)[positive]);
        var terms = new LossTerms();
        terms.Add("loss_cls", losses.Classes.Forward(
            MapRows.ByLevel(maps["cls_score"], targets.Options.ClassCount), labels, averageFactor: positive.Size(0) + batch.Count));
        var (boxes, centerness) = positive.Size(0) > 0
            ? Compare(found)
            : (found.Distances.Sum(), found.Centerness.Sum()); // 0, with gradients of 0
        terms.Add("loss_bbox", boxes);
        terms.Add("loss_centerness", centerness);
        return terms.KeepIn(scope);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        return targets.Positives(points.GridPoints(maps.Sizes, maps.Device), batch);
    }

    private (Tensor Boxes, Tensor Centerness) Compare(PositiveRows found)
    {
        var centerness = PlaceLosses.Centerness(found.Targets); // (N+)
        return (
            losses.Boxes.Forward(
                DistancePointBBoxCoder.Decode(found.Points, found.Distances),
                DistancePointBBoxCoder.Decode(found.Points, found.Targets),
                centerness,
                centerness.Sum().Item()),
            losses.Quality.Forward(found.Centerness, centerness));
    }

    private sealed record PositiveRows(Tensor Points, Tensor Distances, Tensor Centerness, Tensor Targets);
}
