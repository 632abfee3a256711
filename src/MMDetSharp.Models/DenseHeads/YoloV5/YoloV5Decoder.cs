using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.Yolo;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// From YOLOv5's maps to objects. With s the sigmoid and c a cell, in pixels:
/// centre = (2 s(t) - 0.5 + c) * stride, sides = (2 s(t))^2 * anchor, score = s(objectness) * s(class).
/// </summary>
/// <remarks>
/// A centre may leave its cell by half of it and a side grow to four times the anchor's, where YOLOv3's exponential has
/// no bound. Reads the maps once; only anchors whose objectness passes the threshold are decoded.
/// </remarks>
/// <param name="strides">(L) pixels from one cell to the next.</param>
/// <param name="classCount">The number of classes, K.</param>
/// <param name="options">Score threshold, NMS and top-k.</param>
internal sealed class YoloV5Decoder(IReadOnlyList<int> strides, int classCount, YoloV5DecoderOptions options)
{
    // As YOLOv5 since v6.1; 4096 before.
    private const float ClassShift = 7680;
    private readonly bool _multiLabel = options.MultiLabel && classCount > 1;
    private readonly float _threshold = (float)options.ScoreThreshold;

    /// <summary>Score threshold, decoding and NMS of every image.</summary>
    /// <param name="maps">(L) maps (B, A (5 + K), H, W).</param>
    /// <param name="anchors">(L A 2) widths and heights in pixels.</param>
    /// <param name="infos">(B) what happened to each image.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original image.</param>
    /// <returns>(B) objects by descending score; they belong to the caller.</returns>
    internal Detections[] Decode(Tensor[] maps, float[] anchors, IReadOnlyList<ImageInfo> infos, bool rescale)
    {
        using var scope = TensorScope.Begin();
        var values = Array.ConvertAll(maps, map => map.Detach().ToArray());
        var found = new Detections[infos.Count];
        for (var image = 0; image < found.Length; image++)
        {
            var candidates = new BoxCandidates();
            for (var level = 0; level < maps.Length; level++)
            {
                var (height, width) = ((int)maps[level].Size(2), (int)maps[level].Size(3));
                var size = values[level].Length / infos.Count;
                var perLevel = anchors.Length / maps.Length;
                Collect(
                    new(values[level].AsMemory(image * size, size), height, width, strides[level]),
                    anchors.AsSpan(level * perLevel, perLevel),
                    candidates);
            }

            var chosen = candidates.Nms(
                options.ClassAgnostic ? 0 : ClassShift, options.IoUThreshold, options.MaxCandidates,
                options.MaxPerImage);
            if (rescale)
            {
                ToOriginal(chosen.Boxes, infos[image]);
            }

            found[image] = chosen.ToDetections(maps[0].Device).KeepIn(scope);
        }

        return found;
    }

    /// <summary>Moves boxes out of the letterbox, to the original image, and cuts them off at its edges.</summary>
    /// <param name="boxes">(N, 4) xyxy, changed in place.</param>
    /// <param name="info">What happened to the image.</param>
    internal static void ToOriginal(Span<float> boxes, ImageInfo info)
    {
        // As the reference: half of the margin, not the whole pixels of it that lie left and above.
        var (shape, scale) = (info.OriginalShape, info.ScaleFactor);
        var isLetterbox = info.PadParameters is not null;
        var left = isLetterbox ? (info.PadShape.Width - (shape.Width * scale[0])) / 2 : 0;
        var top = isLetterbox ? (info.PadShape.Height - (shape.Height * scale[1])) / 2 : 0;
        for (var i = 0; i < boxes.Length; i++)
        {
            var (margin, factor, limit) = i % 2 == 0 ? (left, scale[0], shape.Width) : (top, scale[1], shape.Height);
            boxes[i] = Math.Clamp((boxes[i] - margin) / factor, 0, limit);
        }
    }

    private void Collect(Level level, ReadOnlySpan<float> anchors, BoxCandidates candidates)
    {
        var values = level.Values.Span;
        var plane = level.Height * level.Width;
        for (var anchor = 0; anchor < anchors.Length / 2; anchor++)
        {
            var of = values.Slice(anchor * (5 + classCount) * plane, (5 + classCount) * plane);
            var objectness = of.Slice(4 * plane, plane);
            var least = Logistic.Below(_threshold);
            for (var cell = 0; cell < plane; cell++)
            {
                if (objectness[cell] >= least && Logistic.Sigmoid(objectness[cell]) is var sure && sure > _threshold)
                {
                    Decode(of[cell..], (level, cell, sure), anchors.Slice(anchor * 2, 2), candidates);
                }
            }
        }
    }

    // values[c * plane] is channel c of the cell.
    private void Decode(
        ReadOnlySpan<float> values, (Level Level, int Cell, float Sure) at, ReadOnlySpan<float> anchor,
        BoxCandidates candidates)
    {
        var (level, cell, sure) = at;
        var plane = level.Height * level.Width;
        var x = (2 * Logistic.Sigmoid(values[0]) - 0.5f + (cell % level.Width)) * level.Stride;
        var y = (2 * Logistic.Sigmoid(values[plane]) - 0.5f + (cell / level.Width)) * level.Stride;
        var (w, h) = (2 * Logistic.Sigmoid(values[2 * plane]), 2 * Logistic.Sigmoid(values[3 * plane]));
        (w, h) = (w * w * anchor[0] / 2, h * h * anchor[1] / 2);
        ReadOnlySpan<float> box = [x - w, y - h, x + w, y + h];
        if (_multiLabel)
        {
            AddAll(values[(5 * plane)..], (plane, sure), box, candidates);
        }
        else
        {
            AddBest(values[(5 * plane)..], (plane, sure), box, candidates);
        }
    }

    private void AddAll(
        ReadOnlySpan<float> scores, (int Plane, float Sure) at, ReadOnlySpan<float> box, BoxCandidates candidates)
    {
        var least = Logistic.Below(_threshold / at.Sure);
        for (var label = 0; label < classCount; label++)
        {
            var score = scores[label * at.Plane];
            if (score >= least && Logistic.Sigmoid(score) * at.Sure is var sure && sure > _threshold)
            {
                candidates.Add(box, sure, label);
            }
        }
    }

    private void AddBest(
        ReadOnlySpan<float> scores, (int Plane, float Sure) at, ReadOnlySpan<float> box, BoxCandidates candidates)
    {
        var best = 0;
        for (var label = 1; label < classCount; label++)
        {
            best = scores[label * at.Plane] > scores[best * at.Plane] ? label : best;
        }

        var sure = Logistic.Sigmoid(scores[best * at.Plane]) * at.Sure;
        if (sure > _threshold)
        {
            candidates.Add(box, sure, best);
        }
    }

    /// <summary>One map of one image.</summary>
    private readonly record struct Level(ReadOnlyMemory<float> Values, int Height, int Width, int Stride);
}
