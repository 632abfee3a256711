using MMDetSharp.Models.DenseHeads.Yolo;

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// A <c>[yolo]</c> layer's map to boxes (yolo_layer.c, forward_yolo_layer, get_yolo_box and get_yolo_detections). Plain
/// numbers: of thousands of places only a few pass the threshold, and only they are computed.
/// </summary>
/// <param name="options">Anchors and classes of the section <c>[yolo]</c>.</param>
/// <param name="threshold">What objectness and scores must exceed.</param>
internal sealed class YoloCells(YoloLayerOptions options, float threshold)
{
    private readonly float _leastObjectness = options.NewCoords ? threshold : Logistic.Below(threshold);

    /// <summary>Decodes the boxes whose class scores pass the threshold.</summary>
    /// <param name="map">(A, 5 + K, H, W) of one image.</param>
    /// <param name="size">H and W, and the network's input in pixels.</param>
    /// <param name="candidates">Gets the decoded boxes.</param>
    internal void Collect(ReadOnlySpan<float> map, DarknetMapSize size, List<DarknetCandidate> candidates)
    {
        var places = size.Height * size.Width;
        for (var anchor = 0; anchor < options.Mask.Count; anchor++)
        {
            var values = map.Slice(anchor * (5 + options.Classes) * places, (5 + options.Classes) * places);
            var objectness = values.Slice(4 * places, places);
            for (var place = 0; place < places; place++)
            {
                if (objectness[place] > _leastObjectness)
                {
                    Collect(values[place..], (place, options.Mask[anchor]), size, candidates);
                }
            }
        }
    }

    // values: x, y, w, h, objectness and classes of one place, one map apart.
    private void Collect(
        ReadOnlySpan<float> values, (int Place, int Anchor) at, DarknetMapSize size, List<DarknetCandidate> candidates)
    {
        var step = size.Height * size.Width;
        var objectness = Probability(values[4 * step]);
        if (!(objectness > threshold))
        {
            return;
        }

        var needed = threshold / objectness;
        var least = options.NewCoords ? needed : Logistic.Below(needed);
        DarknetBox? box = null;
        for (var label = 0; label < options.Classes; label++)
        {
            var value = values[(5 + label) * step];
            if (value < least)
            {
                continue;
            }

            var score = objectness * Probability(value);
            if (score > threshold)
            {
                box ??= Box(values, at, size);
                candidates.Add(new(box.Value, label, score));
            }
        }
    }

    private float Probability(float value) => options.NewCoords ? value : Logistic.Sigmoid(value);

    // YOLOv3, section 2.1: b_x = sigmoid(t_x) + c_x, b_w = p_w exp(t_w). YOLOv4: the sigmoid is stretched by scale_x_y so
    // that it reaches the cell's edges. Scaled YOLOv4 (arXiv:2011.08036): b_w = p_w (2 t_w)^2 of a t behind a sigmoid.
    private DarknetBox Box(ReadOnlySpan<float> values, (int Place, int Anchor) at, DarknetMapSize size)
    {
        var step = size.Height * size.Width;
        var (x, y, w, h) = (values[0], values[step], values[2 * step], values[3 * step]);
        var (column, row) = (at.Place % size.Width, at.Place / size.Width);
        var (anchorWidth, anchorHeight) = options.Anchors[at.Anchor];
        return new DarknetBox(
            (column + Stretch(Probability(x))) / size.Width,
            (row + Stretch(Probability(y))) / size.Height,
            Extent(w) * anchorWidth / size.InputWidth,
            Extent(h) * anchorHeight / size.InputHeight);
    }

    private float Stretch(float part) => (float)((part * options.ScaleXY) - (0.5 * (options.ScaleXY - 1)));

    private float Extent(float value) => options.NewCoords ? 4 * value * value : MathF.Exp(value);
}
