using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.DenseHeads.Fcos;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Vfnet;

/// <summary>Which places of VFNet learn an object: those that ATSS chooses, or FCOS.</summary>
public sealed class VfnetTargets
{
    private readonly Func<MapSet, Batch, VfnetPlaces> _make;
    private readonly Func<MapSet, Batch, IReadOnlyList<PositivePlace>> _positives;

    /// <param name="anchors">ATSS's targets, one anchor at a place; boxes are compared as they are.</param>
    public VfnetTargets(AnchorTargets anchors)
    {
        Anchors = anchors;
        _make = OfAnchors;
        _positives = (maps, batch) => [.. anchors.Make(maps.Sizes, batch).Positives()];
    }

    /// <param name="targets">FCOS's targets.</param>
    /// <param name="points">Generates the points of each level.</param>
    public VfnetTargets(FcosTargets targets, PointGenerator points)
    {
        _make = (maps, batch) =>
        {
            var grid = points.GridPoints(maps.Sizes, maps.Device);
            var made = targets.Make(grid, batch);
            return new(
                Tensor.Cat(0, [.. grid.Select(level => level.Repeat(batch.Count, 1))]),
                Tensor.Cat(0, made.Labels), null, Tensor.Cat(0, made.Distances));
        };
        _positives = (maps, batch) => targets.Positives(points.GridPoints(maps.Sizes, maps.Device), batch);
    }

    /// <summary>ATSS's targets; null: FCOS's.</summary>
    internal AnchorTargets? Anchors { get; }

    /// <summary>Makes the targets of a batch.</summary>
    /// <param name="maps">As the network gave them.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>They belong to the caller.</returns>
    internal VfnetPlaces Make(MapSet maps, Batch batch)
    {
        using var scope = TensorScope.Begin();
        return _make(maps, batch).KeepIn(scope);
    }

    /// <summary>The places that learn an object.</summary>
    internal IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch)
    {
        using var scope = TensorScope.Begin();
        return _positives(maps, batch);
    }

    private VfnetPlaces OfAnchors(MapSet maps, Batch batch)
    {
        var made = Anchors!.Make(maps.Sizes, batch);
        var levels = Enumerable.Range(0, maps.LevelCount).Select(made.OfLevel).ToArray();
        var points = CenterSize.Points(Tensor.Cat(0, [.. levels.Select(level => level.Anchors)]));
        return new(
            points,
            Tensor.Cat(0, [.. levels.Select(level => level.Labels)]),
            Tensor.Cat(0, [.. levels.Select(level => level.LabelWeights)]),
            DistancePointBBoxCoder.Encode(points, Tensor.Cat(0, [.. levels.Select(level => level.BoxTargets)])));
    }
}

/// <summary>What every place of a batch should predict, N of them: level by level, and in it image by image.</summary>
/// <param name="Points">(N, 2) x and y.</param>
/// <param name="Labels">(N) int64; K is background.</param>
/// <param name="LabelWeights">(N); null: 1.</param>
/// <param name="Distances">(N, 4) left, top, right, bottom in pixels; of background without meaning.</param>
internal sealed record VfnetPlaces(Tensor Points, Tensor Labels, Tensor? LabelWeights, Tensor Distances)
{
    internal VfnetPlaces KeepIn(TensorScope scope)
    {
        scope.Keep([Points, Labels, Distances]);
        if (LabelWeights is not null)
        {
            scope.Keep(LabelWeights);
        }

        return this;
    }
}
