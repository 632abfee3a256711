using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// Boxes predicted as the distances of their sides from a point: Tian et al., "FCOS", arXiv:1904.01355, equation 1.
/// </summary>
/// <param name="points">Makes the (P, 2) points of each level for its sizes.</param>
public sealed class DistanceBoxes(Func<IReadOnlyList<(long Height, long Width)>, Device, Tensor[]> points) : IPlaceBoxes
{
    /// <summary>The map of distances.</summary>
    internal string Map { get; init; } = "bbox_pred";

    /// <summary>Numbers of each place in that map, n.</summary>
    internal int Columns { get; init; } = 4;

    /// <summary>Makes (N, 4) distances in pixels of (N, n) numbers of a level; null: they are.</summary>
    internal Func<Tensor, int, Tensor>? Distances { get; init; }

    /// <inheritdoc/>
    public Tensor[] Priors(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return points(maps.Sizes, maps.Device);
    }

    /// <inheritdoc/>
    public PlacedBoxes Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(priors);
        using var scope = TensorScope.Begin();
        var numbers = MapRows.Pick(place.Of(maps[Map]), Columns, rows); // (N, n)
        var distances = Distances is null ? numbers : Distances(numbers, place.Level); // (N, 4)
        return new(scope.Keep(DistancePointBBoxCoder.Decode(rows is null ? priors : priors[rows], distances)));
    }
}
