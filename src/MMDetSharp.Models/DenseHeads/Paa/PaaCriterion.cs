using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Paa;

/// <summary>
/// PAA's training objective: candidates by IoU, of which those stay positive on which the network does best; then classes,
/// boxes weighed by their IoU, and the IoU itself: Kim and Lee, arXiv:2007.08103, sections 3.1 to 3.3.
/// </summary>
/// <param name="targets">The candidates: what every anchor should predict if it stays.</param>
/// <param name="losses">What each output is compared by.</param>
/// <param name="coder">Decodes boxes.</param>
/// <param name="separation">Decides which candidates stay positive.</param>
internal sealed class PaaCriterion(
    AnchorTargets targets, PlaceLosses losses, IBBoxCoder coder, AnchorSeparation separation) : IAnchorCriterion
{
    private const double Epsilon = 1e-12;
    private static readonly BBoxOverlaps2D s_overlaps = new();
    private readonly ILoss _eachClass = losses.Classes.With(Reduction.None);
    private readonly ILoss _eachBox = losses.Boxes.With(Reduction.None);

    /// <inheritdoc/>
    public AnchorTargets Targets => targets;

    /// <inheritdoc/>
    /// <param name="maps"><c>cls_score</c>, <c>bbox_pred</c> and <c>centerness</c>, here the IoU.</param>
    /// <param name="batch">The images and their objects.</param>
    /// <returns>loss_cls, loss_bbox and loss_iou, scalars; they belong to the caller.</returns>
    public LossTerms Compute(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Begin();
        var rows = targets.Make(maps.Sizes, batch).ByImage();
        var found = Flatten(maps);
        var positive = Separate(rows, found, maps); // (N+), fewer than the candidates
        var kept = rows.Labels[positive];
        rows.Labels.FillInPlace(targets.Options.ClassCount);
        rows.Labels.IndexPutInPlace(positive, kept);

        var count = positive.Size(0);
        var terms = new LossTerms();
        terms.Add("loss_cls", losses.Classes.Forward(
            found.Scores, rows.Labels, rows.LabelWeights, Math.Max(count, batch.Count)));
        var (boxes, quality) = count > 0
            ? Compare(rows, found, positive)
            : (found.Deltas.Sum() * 0, found.Quality.Sum() * 0); // 0, with gradients of 0
        terms.Add("loss_bbox", boxes);
        terms.Add("loss_iou", quality);
        return terms.KeepIn(scope);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = TensorScope.Begin();
        var rows = targets.Make(maps.Sizes, batch).ByImage();
        var kept = Separate(rows, Flatten(maps), maps);
        var (indices, points, labels) = (
            kept.ToInt64Array(), CenterSize.Points(rows.Anchors[kept]).ToArray(), rows.Labels[kept].ToInt64Array());
        var (levels, perImage) = (LevelsOf(indices, maps), rows.Labels.Size(0) / batch.Count);
        return [.. indices.Select((row, i) => new PositivePlace(
            (int)(row / perImage), levels[i], points[2 * i], points[(2 * i) + 1], (int)labels[i])).OrderBy(place => place.Level)];
    }

    /// <summary>The maps as rows: image by image.</summary>
    internal PaaRows Flatten(MapSet maps) => new(
        MapRows.ByImage(maps["cls_score"], targets.Options.ScoreCount).Flatten(0, 1),
        MapRows.ByImage(maps["bbox_pred"], 4).Flatten(0, 1),
        MapRows.ByImage(maps["centerness"], 1).Flatten(0, 1));

    /// <summary>Section 3.2: the rows that stay positive.</summary>
    /// <param name="rows">The candidates.</param>
    /// <param name="found">What the network predicts.</param>
    /// <param name="maps">The sizes of the levels.</param>
    /// <returns>(N+) int64, rising; it belongs to the caller.</returns>
    internal Tensor Separate(TargetRows rows, PaaRows found, MapSet maps)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var candidates = rows.Positive;
        if (candidates.Size(0) == 0)
        {
            return scope.Keep(candidates.Clone());
        }

        var classes = _eachClass.Forward(
            found.Scores[candidates], rows.Labels[candidates], rows.LabelWeights[candidates]).Reshape(candidates.Size(0), -1);
        var boxes = _eachBox.Forward(
            coder.Decode(rows.Anchors[candidates], found.Deltas[candidates]), rows.BoxTargets[candidates],
            rows.BoxWeights[candidates]);
        var indices = candidates.ToInt64Array();
        var stays = separation.Positives(
            (classes.Sum(1) + boxes).ToArray(), rows.Objects[candidates].ToInt64Array(), LevelsOf(indices, maps));
        long[] kept = [.. indices.Where((_, i) => stays[i])];
        return scope.Keep(Tensor.From(kept, kept.Length).To(candidates.Device));
    }

    private (Tensor Boxes, Tensor Quality) Compare(TargetRows rows, PaaRows found, Tensor positive)
    {
        var objects = rows.BoxTargets[positive];
        var boxes = coder.Decode(rows.Anchors[positive], found.Deltas[positive]); // (N+, 4)
        var overlaps = s_overlaps.Aligned(boxes.Detach(), objects); // (N+)

        // Differs from the reference: where no box meets its object at all, it divides by 0.
        var weight = Math.Max(overlaps.Sum().Item(), Epsilon);
        return (
            losses.Boxes.Forward(boxes, objects, overlaps.Clamp(min: Epsilon), weight),
            losses.Quality.Forward(found.Quality[positive], overlaps.Unsqueeze(1), averageFactor: positive.Size(0)));
    }

    // The level of each row, image by image.
    private int[] LevelsOf(long[] rows, MapSet maps)
    {
        var ends = new List<long>();
        foreach (var ((height, width), level) in maps.Sizes.Select((size, level) => (size, level)))
        {
            ends.Add((ends.Count == 0 ? 0 : ends[^1]) + (height * width * targets.Generator.AnchorsPerPlace[level]));
        }

        return Array.ConvertAll(rows, row => ends.FindIndex(end => row % ends[^1] < end));
    }
}

/// <summary>PAA's maps as rows, N of them: image by image.</summary>
/// <param name="Scores">(N, C).</param>
/// <param name="Deltas">(N, 4).</param>
/// <param name="Quality">(N, 1).</param>
internal sealed record PaaRows(Tensor Scores, Tensor Deltas, Tensor Quality);
