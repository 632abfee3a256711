using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// A head that predicts at every place of every level, composed of what its paper brings: the network gives maps, the
/// criterion compares them with the ground truth, the decoder turns them into candidates. Clipping, rescaling, merging of
/// views and NMS are the same for all.
/// </summary>
/// <param name="network">Features to maps: the only part with parameters.</param>
/// <param name="parts">Criterion, decoder and NMS.</param>
public sealed class DenseHead(HeadNetwork network, DenseHeadParts parts)
{
    private readonly MulticlassNms _nms = new(parts.Nms);

    /// <summary>Features to maps; its keys begin with <c>bbox_head.</c> in a detector.</summary>
    public HeadNetwork Network => network;

    /// <summary>The number of classes, K, without background.</summary>
    public int ClassCount => parts.ClassCount;

    /// <summary>Targets and losses; null in a head built only for testing.</summary>
    public ICriterion? Criterion => parts.Criterion;

    /// <summary>Maps to candidates; null in a head built only for training.</summary>
    internal IDecoder? Decoder => parts.Decoder;

    /// <inheritdoc cref="HeadNetwork.Forward"/>
    public MapSet Forward(Tensor[] features) => network.Forward(features);

    /// <summary>The losses of the maps against the annotated objects.</summary>
    /// <param name="maps">As <see cref="Forward"/> returned them.</param>
    /// <param name="batch">What happened to each image, and its objects.</param>
    /// <returns>The terms; their tensors belong to the caller.</returns>
    /// <exception cref="InvalidOperationException">The head was built without <c>train_cfg</c>.</exception>
    public LossTerms ComputeLosses(MapSet maps, Batch batch)
    {
        var criterion = parts.Criterion ?? throw new InvalidOperationException(
            "DenseHead: train_cfg must be given for training, the config has none. Add train_cfg to it.");
        return criterion.Compute(maps, batch);
    }

    /// <summary>Decodes the maps of a batch, and runs score threshold, NMS and top-k for each image.</summary>
    /// <param name="maps">As <see cref="Forward"/> returned them.</param>
    /// <param name="infos">(B): what happened to each image.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image instead of the network's input.</param>
    /// <returns>(B) detections; they belong to the caller.</returns>
    /// <exception cref="InvalidOperationException">The head was built without <c>test_cfg</c>.</exception>
    public Detections[] Decode(MapSet maps, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        return [.. Candidates(maps, infos).Select((found, i) =>
        {
            var boxes = rescale ? BoxMapping.OutOfLetterbox(found.Boxes, infos[i]) : found.Boxes;
            return Select(found with { Boxes = boxes }).KeepIn(scope);
        })];
    }

    /// <summary>
    /// Turns the maps of several views of one image (scales, flips) into its objects: NMS sees the candidates of all.
    /// </summary>
    /// <param name="views">Of each view, as <see cref="Forward"/> returned them for a batch of one.</param>
    /// <param name="infos">What happened to the image in each view.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image instead of the first view.</param>
    /// <returns>Detections; they belong to the caller.</returns>
    /// <exception cref="InvalidOperationException">The head was built without <c>test_cfg</c>.</exception>
    public Detections DecodeViews(IReadOnlyList<MapSet> views, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(infos);
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();

        // As the reference: several views know nothing of a letterbox; pad them on the right and below only.
        var merged = DenseHeads.Candidates.Join([.. views.Select((maps, i) =>
        {
            var found = Candidates(maps, [infos[i]])[0];
            return found with { Boxes = BoxMapping.ToOriginal(found.Boxes, infos[i]) };
        })]);
        var kept = Select(merged);

        // As the reference: scaled to the first view, not mirrored back into it.
        return (rescale
            ? kept
            : new Detections(kept.Boxes * BoxMapping.Scale(infos[0], kept.Boxes), kept.Scores, kept.Labels)).KeepIn(scope);
    }

    private Detections Select(Candidates found)
    {
        var kept = _nms.Select(found.Boxes, found.Scores, found.Factors);
        return parts.Voting?.Vote(kept, found.Boxes, found.Scores) ?? kept;
    }

    // (B): all levels in one, in pixels of the network's input.
    private Candidates[] Candidates(MapSet maps, IReadOnlyList<ImageInfo> infos)
    {
        var decoder = parts.Decoder ?? throw new InvalidOperationException(
            "DenseHead: test_cfg must be given for detection, the config has none. Add test_cfg to it.");
        return [.. decoder.Decode(maps).Select((levels, i) =>
        {
            var all = DenseHeads.Candidates.Join(levels);
            return all with { Boxes = BoxMapping.Clip(all.Boxes, infos[i].ImageShape, decoder.Border) };
        })];
    }
}

/// <summary>What a <see cref="DenseHead"/> is composed of, besides its network.</summary>
public sealed record DenseHeadParts
{
    /// <summary>The number of classes, K, without background.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Targets and losses; null for a head that is not trained.</summary>
    public ICriterion? Criterion { get; init; }

    /// <summary>Maps to candidates; null for a head that does not detect.</summary>
    public IDecoder? Decoder { get; init; }

    /// <summary>Score threshold, NMS and top-k, which make detections of candidates.</summary>
    public MulticlassNmsOptions Nms { get; init; } = new();

    /// <summary>Moves what NMS kept; null: it stays.</summary>
    public ScoreVoting? Voting { get; init; }
}
