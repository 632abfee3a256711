using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Fcos;

/// <summary>
/// Maps to candidates: the places of the highest class times centerness of each level, with centerness as their factor:
/// Tian et al., arXiv:1904.01355, section 3.3.
/// </summary>
/// <param name="points">Makes the places.</param>
/// <param name="candidatesPerLevel">At most so many places of a level go on; 0 or less: all.</param>
public sealed class FcosDecoder(PointGenerator points, int candidatesPerLevel = -1) : IDecoder
{
    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_pred</c> and <c>centerness</c>.</param>
    public IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var grid = points.GridPoints(maps.Sizes, maps.Device);
        var (scores, boxes, centerness) = (maps["cls_score"], maps["bbox_pred"], maps["centerness"]);
        var images = new Candidates[scores[0].Size(0)][];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = [.. grid.Select((level, l) =>
                Level(level, scores[l][i], boxes[l][i], centerness[l][i]).KeepIn(scope))];
        }

        return images;
    }

    private Candidates Level(Tensor places, Tensor scores, Tensor boxes, Tensor centerness)
    {
        using var scope = TensorScope.Begin();
        var probabilities = Rows(scores).Sigmoid(); // (P, K)
        var (distances, factors) = (Rows(boxes), Rows(centerness).Squeeze(-1).Sigmoid()); // (P, 4), (P)
        if (candidatesPerLevel > 0 && places.Size(0) > candidatesPerLevel)
        {
            var rows = (probabilities.AMax(1) * factors).TopK(candidatesPerLevel).Indices; // (N)
            (places, probabilities) = (places[rows], probabilities[rows]);
            (distances, factors) = (distances[rows], factors[rows]);
        }

        return new Candidates(DistancePointBBoxCoder.Decode(places, distances), probabilities, factors).KeepIn(scope);
    }

    // (C, H, W) to (H W, C).
    private static Tensor Rows(Tensor map) => map.Permute(1, 2, 0).Reshape(-1, map.Size(0));
}
