using MMDetSharp.Core.Structures;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Maps to boxes: the best anchors of each level, decoded, scored, thinned out.</summary>
/// <param name="head">Classes and kind of scores.</param>
/// <param name="coder">Decodes the boxes.</param>
/// <param name="options">Thresholds.</param>
public sealed class AnchorDecoder(AnchorHeadOptions head, IBBoxCoder coder, AnchorDecoderOptions options)
{
    private readonly MulticlassNms _nms = new(options.Nms);

    /// <summary>Finds the objects of one image.</summary>
    /// <param name="levels">Its maps with the levels' anchors.</param>
    /// <param name="info">What happened to the image.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the network's input.</param>
    /// <returns>The objects; they belong to the caller.</returns>
    public Detections Decode(IReadOnlyList<AnchorLevel> levels, ImageInfo info, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(info);
        using var scope = TensorScope.Begin();
        var (boxes, scores) = Candidates(levels, info);
        return _nms.Select(rescale ? boxes / BoxMapping.Scale(info, boxes) : boxes, scores).KeepIn(scope);
    }

    /// <summary>Finds the objects of one picture in several views of it: their candidates are thinned out together.</summary>
    /// <param name="views">The maps of each view, and what happened to the picture in it.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the first view.</param>
    /// <returns>The objects; they belong to the caller.</returns>
    public Detections Decode(IReadOnlyList<(IReadOnlyList<AnchorLevel> Levels, ImageInfo Info)> views, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(views);
        using var scope = TensorScope.Begin();
        var candidates = views.Select(view => Candidates(view.Levels, view.Info)).ToArray();
        var boxes = candidates.Select((candidate, i) => BoxMapping.ToOriginal(candidate.Boxes, views[i].Info));
        var found = _nms.Select(
            Tensor.Cat(0, [.. boxes]), Tensor.Cat(0, [.. candidates.Select(candidate => candidate.Scores)]));

        // As the reference: scaled to the first view, not mirrored back into it.
        return (rescale
            ? found
            : new Detections(found.Boxes * BoxMapping.Scale(views[0].Info, found.Boxes), found.Scores, found.Labels))
            .KeepIn(scope);
    }

    /// <summary>The best anchors of all levels, in pixels of the network's input.</summary>
    /// <param name="levels">Maps with anchors.</param>
    /// <param name="info">What happened to the image: boxes are clipped to it.</param>
    /// <returns>(N, 4) xyxy, and (N, K) scores; they belong to the caller.</returns>
    internal (Tensor Boxes, Tensor Scores) Candidates(IReadOnlyList<AnchorLevel> levels, ImageInfo info)
    {
        using var scope = TensorScope.Begin();
        var best = levels.Select(Best).ToArray();
        var boxes = best.Select(level => coder.Decode(level.Anchors, level.Deltas, info.ImageShape));
        return scope.Keep((
            Tensor.Cat(0, [.. boxes]), // (N, 4)
            Tensor.Cat(0, [.. best.Select(level => level.Scores)]))); // (N, K)
    }

    private (Tensor Scores, Tensor Deltas, Tensor Anchors) Best(AnchorLevel level)
    {
        var places = level.Scores.Size(-2) * level.Scores.Size(-1); // H W
        var anchors = level.Anchors.Size(0) / places; // A
        var logits = level.Scores.Reshape(anchors, head.ScoreCount, places); // (A, C, H W)
        var deltas = level.Deltas.Reshape(anchors, 4, places); // (A, 4, H W)
        if (options.CandidatesPerLevel <= 0 || level.Anchors.Size(0) <= options.CandidatesPerLevel)
        {
            return (
                Foreground(Probabilities(logits.Permute(2, 0, 1).Reshape(-1, head.ScoreCount), 1), 1),
                deltas.Permute(2, 0, 1).Reshape(-1, 4),
                level.Anchors);
        }

        // The sigmoid keeps the order: only the chosen scores need it. A softmax must see all.
        var comparable = head.SigmoidScores ? logits : Foreground(logits.Softmax(1), 1); // (A, K, H W)
        var highest = comparable.AMax(1).Transpose(0, 1).Reshape(-1); // (H W A), in the order of the anchors
        var rows = highest.TopK(options.CandidatesPerLevel).Indices; // (N)
        var (a, place) = (rows.Remainder(anchors), rows.FloorDivide(anchors));
        return (
            Foreground(Probabilities(logits.Index(a, null, place), 1), 1), // (N, K)
            deltas.Index(a, null, place), // (N, 4)
            level.Anchors[rows]); // (N, 4)
    }

    private Tensor Probabilities(Tensor logits, int dim) => head.SigmoidScores ? logits.Sigmoid() : logits.Softmax(dim);

    // Without the background, which is last in a softmax.
    private Tensor Foreground(Tensor scores, int dim) =>
        head.SigmoidScores ? scores : scores.Narrow(dim, 0, head.ClassCount);
}
