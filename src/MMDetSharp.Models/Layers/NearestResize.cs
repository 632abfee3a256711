using MMDetSharp.Models.Necks;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>Nearest-neighbour resampling to the size of another map, in a way that a traced graph does not bake in.</summary>
internal static class NearestResize
{
    /// <summary>Resamples a map.</summary>
    /// <param name="map">(B, C, h, w).</param>
    /// <param name="like">(B, ., H, W).</param>
    /// <param name="relation">How their sizes relate.</param>
    /// <returns>(B, C, H, W); may be <paramref name="map"/> itself.</returns>
    internal static Tensor To(Tensor map, Tensor like, SizeRelation relation)
    {
        var (height, width) = (like.Size(2), like.Size(3));
        if (GradMode.IsEnabled)
        {
            // Never traced, and its backward pass is fast.
            return Functional.ResizeNearest(map, height, width);
        }

        if (relation == SizeRelation.Multiples)
        {
            var factor = height / map.Size(2);
            return factor == 1 ? map : Functional.ScaleNearest(map, factor);
        }

        using var scope = TensorScope.Begin();
        var rows = Sources(Line(map, 3), Line(like, 3)); // (H)
        var columns = Sources(Line(map, 2), Line(like, 2)); // (W)
        return scope.Keep(map.IndexSelect(3, columns).IndexSelect(2, rows));
    }

    // Ones, as many as one dimension of the map is long: (H) when the other one is 3, (W) when it is 2.
    private static Tensor Line(Tensor map, int other) =>
        Tensor.OnesLike(map.Select(other, 0).Select(0, 0).Select(0, 0));

    // libtorch: source = min(floor(target * (float)count / targets), count - 1).
    private static Tensor Sources(Tensor from, Tensor to)
    {
        var count = from.Sum();
        var targets = to.CumSum(0) - 1.0; // 0, 1, 2, ...
        var sources = (targets * (count / to.Sum())).Floor();
        return sources.Minimum(count - 1.0).To(ScalarType.Int64);
    }
}
