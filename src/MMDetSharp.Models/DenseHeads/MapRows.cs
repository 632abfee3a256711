using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Maps as rows, one for each anchor, in the order of the anchors: rows of the map, columns, anchors of a place.</summary>
internal static class MapRows
{
    /// <summary>The rows of one level.</summary>
    /// <param name="map">(B, A n, H, W).</param>
    /// <param name="columns">Numbers of each anchor, n.</param>
    /// <returns>(B H W A, n); it belongs to the caller.</returns>
    internal static Tensor Of(Tensor map, int columns)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(map.Permute(0, 2, 3, 1).Reshape(-1, columns));
    }

    /// <summary>The rows of all levels, level by level.</summary>
    /// <param name="maps">(B, A n, H, W) of each level.</param>
    /// <param name="columns">Numbers of each anchor, n.</param>
    /// <returns>(N, n): levels, images, places, anchors; it belongs to the caller.</returns>
    internal static Tensor ByLevel(Tensor[] maps, int columns)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Tensor.Cat(0, [.. maps.Select(map => Of(map, columns))]));
    }

    /// <summary>The rows of all levels, image by image.</summary>
    /// <param name="maps">(B, A n, H, W) of each level.</param>
    /// <param name="columns">Numbers of each anchor, n.</param>
    /// <returns>(B, P, n): images, then levels, places, anchors; it belongs to the caller.</returns>
    internal static Tensor ByImage(Tensor[] maps, int columns)
    {
        using var scope = TensorScope.Begin();
        return scope.Keep(Tensor.Cat(1, [.. maps.Select(map => Of(map, columns).Reshape(map.Size(0), -1, columns))]));
    }

    /// <summary>Some rows of one image's map; the map need not be put into their order for them.</summary>
    /// <param name="map">(A n, H, W).</param>
    /// <param name="columns">Numbers of each anchor, n.</param>
    /// <param name="rows">(N) int64; null: all.</param>
    /// <returns>(N, n); it belongs to the caller.</returns>
    internal static Tensor Pick(Tensor map, int columns, Tensor? rows)
    {
        using var scope = TensorScope.Begin();
        if (rows is null)
        {
            return scope.Keep(map.Permute(1, 2, 0).Reshape(-1, columns));
        }

        var count = map.Size(0) / columns; // A
        return scope.Keep(map.Reshape(count, columns, -1).Index(rows.Remainder(count), null, rows.FloorDivide(count)));
    }
}
