using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// Boxes predicted as the distances of their sides from a point: Tian et al., "FCOS", arXiv:1904.01355, equation 1.
/// </summary>
/// <param name="points">Makes the (P, 2) points of each level for its sizes.</param>
/// <param name="options">Which map has the distances, and in what form.</param>
public sealed class DistanceBoxes(
    Func<IReadOnlyList<(long Height, long Width)>, Device, Tensor[]> points, DistanceBoxOptions? options = null) : IPlaceBoxes
{
    private readonly DistanceBoxOptions _options = options ?? new();

    /// <summary>Boxes around the centres of anchors.</summary>
    /// <param name="anchors">Generates the anchors.</param>
    /// <param name="options">Which map has the distances, and in what form.</param>
    internal static DistanceBoxes AroundAnchors(IAnchorGenerator anchors, DistanceBoxOptions options) => new(
        (sizes, device) =>
        {
            using var scope = TensorScope.Begin();
            return scope.Keep(Array.ConvertAll(anchors.GridAnchors(sizes, device), CenterSize.Points));
        },
        options);

    /// <inheritdoc/>
    public Tensor[] Priors(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return points(maps.Sizes, maps.Device);
    }

    /// <inheritdoc/>
    public Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(priors);
        using var scope = TensorScope.Begin();
        var numbers = MapRows.Pick(place.Of(maps[_options.Map]), _options.Columns, rows); // (N, n)
        var distances = _options.Distances?.Invoke(numbers, place.Level) ?? numbers; // (N, 4)
        return scope.Keep(DistancePointBBoxCoder.Decode(rows is null ? priors : priors[rows], distances));
    }
}

/// <summary>Where distances are, and in what form.</summary>
public sealed record DistanceBoxOptions
{
    /// <summary>The map of distances.</summary>
    public string Map { get; init; } = "bbox_pred";

    /// <summary>Numbers of each place in that map, n.</summary>
    public int Columns { get; init; } = 4;

    /// <summary>Makes (N, 4) distances in pixels of (N, n) numbers of a level; null: they are.</summary>
    public Func<Tensor, int, Tensor>? Distances { get; init; }
}
