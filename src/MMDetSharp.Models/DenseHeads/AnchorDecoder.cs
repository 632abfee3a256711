using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Maps to candidates: the anchors of the highest scores of each level, decoded.</summary>
/// <param name="options">Classes and kind of scores.</param>
/// <param name="generator">Makes the anchors.</param>
/// <param name="coder">Decodes the boxes.</param>
/// <param name="candidatesPerLevel">At most so many anchors of a level go on; 0 or less: all.</param>
public sealed class AnchorDecoder(
    AnchorHeadOptions options, IAnchorGenerator generator, IBBoxCoder coder, int candidatesPerLevel = -1) : IDecoder
{
    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c> (B, A C, H, W) and <c>bbox_pred</c> (B, A 4, H, W).</param>
    public IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var anchors = generator.GridAnchors(maps.Sizes, maps.Device);
        var (scores, boxes) = (maps["cls_score"], maps["bbox_pred"]);
        var images = new Candidates[scores[0].Size(0)][];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = [.. anchors.Select((level, l) => Level(scores[l][i], boxes[l][i], level).KeepIn(scope))];
        }

        return images;
    }

    private Candidates Level(Tensor scores, Tensor boxes, Tensor anchors)
    {
        using var scope = TensorScope.Begin();
        var places = scores.Size(-2) * scores.Size(-1); // H W
        var count = anchors.Size(0) / places; // A
        var logits = scores.Reshape(count, options.ScoreCount, places); // (A, C, H W)
        var deltas = boxes.Reshape(count, 4, places); // (A, 4, H W)
        if (candidatesPerLevel <= 0 || anchors.Size(0) <= candidatesPerLevel)
        {
            return new Candidates(
                coder.Decode(anchors, deltas.Permute(2, 0, 1).Reshape(-1, 4)), // (N, 4)
                Foreground(Probabilities(logits.Permute(2, 0, 1).Reshape(-1, options.ScoreCount)), 1)) // (N, K)
                .KeepIn(scope);
        }

        // The sigmoid keeps the order: only the top-k scores need it. A softmax must see all.
        var comparable = options.SigmoidScores ? logits : Foreground(logits.Softmax(1), 1); // (A, K, H W)
        var highest = comparable.AMax(1).Transpose(0, 1).Reshape(-1); // (H W A), in the order of the anchors
        var rows = highest.TopK(candidatesPerLevel).Indices; // (N)
        var (a, place) = (rows.Remainder(count), rows.FloorDivide(count));
        return new Candidates(
            coder.Decode(anchors[rows], deltas.Index(a, null, place)), // (N, 4)
            Foreground(Probabilities(logits.Index(a, null, place)), 1)) // (N, K)
            .KeepIn(scope);
    }

    private Tensor Probabilities(Tensor logits) => options.SigmoidScores ? logits.Sigmoid() : logits.Softmax(1);

    // Without the background, which is last in a softmax.
    private Tensor Foreground(Tensor scores, int dim) =>
        options.SigmoidScores ? scores : scores.Narrow(dim, 0, options.ClassCount);
}
