using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.BBoxCoders;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Yolo;

/// <summary>
/// Maps to boxes: the anchors of each level that hold an object, decoded, scored by class times objectness, thinned
/// out: Redmon and Farhadi, "YOLOv3", arXiv:1804.02767, figure 2 and section 2.
/// </summary>
/// <remarks>As the reference: the score threshold sees the class alone, before objectness multiplies it.</remarks>
/// <param name="generator">Makes the anchors.</param>
/// <param name="coder">Decodes the boxes.</param>
/// <param name="options">Thresholds.</param>
public sealed class YoloDecoder(YoloAnchorGenerator generator, IYoloBBoxCoder coder, YoloDecoderOptions options)
{
    private readonly MulticlassNms _nms = new(options.Nms);

    /// <summary>Finds the objects of one image.</summary>
    /// <param name="maps">(A (5 + K), H, W) of each level, as the network gave them.</param>
    /// <param name="info">What happened to the image.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the network's input.</param>
    /// <returns>The objects; they belong to the caller.</returns>
    public Detections Decode(IReadOnlyList<Tensor> maps, ImageInfo info, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(info);
        using var scope = TensorScope.Begin();
        var found = Candidates(maps);
        var boxes = rescale ? ToOriginal(found.Boxes, info) : found.Boxes;
        return _nms.Select(boxes, found.Classes, found.Objectness).KeepIn(scope);
    }

    /// <summary>
    /// Finds the objects of one picture in several views of it: their candidates are thinned out together.
    /// </summary>
    /// <param name="views">The maps of each view, and what happened to the picture in it.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the first view.</param>
    /// <returns>The objects; they belong to the caller.</returns>
    public Detections Decode(IReadOnlyList<(IReadOnlyList<Tensor> Maps, ImageInfo Info)> views, bool rescale)
    {
        ArgumentNullException.ThrowIfNull(views);
        using var scope = TensorScope.Begin();
        var candidates = views.Select(view => Candidates(view.Maps)).ToArray();

        // As the reference: several views know nothing of a letterbox; pad them on the right and below only.
        var boxes = candidates.Select((candidate, i) => BoxMapping.ToOriginal(candidate.Boxes, views[i].Info));
        var found = _nms.Select(
            Tensor.Cat(0, [.. boxes]),
            Tensor.Cat(0, [.. candidates.Select(candidate => candidate.Classes)]),
            Tensor.Cat(0, [.. candidates.Select(candidate => candidate.Objectness)]));
        return (rescale
            ? found
            : new Detections(found.Boxes * BoxMapping.Scale(views[0].Info, found.Boxes), found.Scores, found.Labels))
            .KeepIn(scope);
    }

    private static Tensor ToOriginal(Tensor boxes, ImageInfo info)
    {
        var inside = info.PadParameters is [var top, _, var left, _]
            ? boxes - Tensor.From([left, top, left, top], 4).To(boxes.Device)
            : boxes;
        return inside / BoxMapping.Scale(info, boxes);
    }

    private YoloCandidates Candidates(IReadOnlyList<Tensor> maps)
    {
        var sizes = maps.Select(map => (map.Size(-2), map.Size(-1))).ToArray();
        var anchors = generator.GridAnchors(sizes, maps[0].Device);
        var levels = maps.Select((map, i) => Level(map, anchors[i], generator.Levels[i])).ToArray();
        return new(
            Tensor.Cat(0, [.. levels.Select(level => level.Boxes)]),
            Tensor.Cat(0, [.. levels.Select(level => level.Classes)]),
            Tensor.Cat(0, [.. levels.Select(level => level.Objectness)]));
    }

    private YoloCandidates Level(Tensor map, Tensor anchors, YoloLevel level)
    {
        var count = level.Anchors.Count; // A
        var places = map.Size(-2) * map.Size(-1); // H W
        var cells = map.View(count, 5 + options.ClassCount, places); // (A, 5 + K, H W)
        var objectness = cells.Select(1, 4).Transpose(0, 1).Reshape(-1).Sigmoid(); // (H W A), as the anchors
        var rows = Chosen(objectness); // (N)
        var chosen = cells.Index(rows.Remainder(count), null, rows.FloorDivide(count)); // (N, 5 + K)
        var boxes = Tensor.Cat(1, chosen.Narrow(1, 0, 2).Sigmoid(), chosen.Narrow(1, 2, 2)); // (N, 4)
        return new(
            coder.Decode(anchors[rows], boxes, level.Stride),
            chosen.Narrow(1, 5, options.ClassCount).Sigmoid(),
            objectness[rows]);
    }

    private Tensor Chosen(Tensor objectness)
    {
        var rows = objectness.Ge(options.ObjectnessThreshold).NonZero().Squeeze(-1);
        return options.CandidatesPerLevel > 0 && rows.Size(0) > options.CandidatesPerLevel
            ? rows[objectness[rows].TopK(options.CandidatesPerLevel).Indices]
            : rows;
    }
}

/// <summary>Boxes before they are thinned out.</summary>
/// <param name="Boxes">(N, 4) xyxy in pixels of the network's input.</param>
/// <param name="Classes">(N, K) scores.</param>
/// <param name="Objectness">(N).</param>
internal sealed record YoloCandidates(Tensor Boxes, Tensor Classes, Tensor Objectness);
