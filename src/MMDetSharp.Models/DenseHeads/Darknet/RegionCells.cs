using MMDetSharp.Models.DenseHeads.Yolo;

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// A <c>[region]</c> layer's map to boxes (region_layer.c, forward_region_layer, get_region_box and get_region_boxes);
/// YOLOv2, arXiv:1612.08242, section 2, "Direct location prediction".
/// </summary>
/// <param name="options">Anchors and classes of the section <c>[region]</c>.</param>
/// <param name="threshold">What scores must exceed.</param>
internal sealed class RegionCells(RegionLayerOptions options, float threshold)
{
    private readonly float[] _classes = new float[options.Classes];

    /// <summary>Decodes the boxes whose class scores pass the threshold.</summary>
    /// <param name="map">(A, 5 + K, H, W) of one image.</param>
    /// <param name="size">H and W, and the network's input in pixels.</param>
    /// <param name="candidates">Gets the decoded boxes.</param>
    internal void Collect(ReadOnlySpan<float> map, DarknetMapSize size, List<DarknetCandidate> candidates)
    {
        var places = size.Height * size.Width;
        for (var anchor = 0; anchor < options.Anchors.Count; anchor++)
        {
            var values = map.Slice(anchor * (5 + options.Classes) * places, (5 + options.Classes) * places);
            for (var place = 0; place < places; place++)
            {
                var objectness = Logistic.Sigmoid(values[(4 * places) + place]);
                objectness = options.ClassFix == -1 && objectness < 0.5f ? 0 : objectness;

                // A probability of a class is 1 at most, unless the map holds any numbers in their place.
                if (objectness > threshold || !options.Softmax)
                {
                    Collect(values[place..], (place, anchor, objectness), size, candidates);
                }
            }
        }
    }

    private void Collect(
        ReadOnlySpan<float> values,
        (int Place, int Anchor, float Objectness) at,
        DarknetMapSize size,
        List<DarknetCandidate> candidates)
    {
        var step = size.Height * size.Width;
        for (var label = 0; label < options.Classes; label++)
        {
            _classes[label] = values[(5 + label) * step];
        }

        if (options.Softmax)
        {
            Softmax(_classes);
        }

        for (var label = 0; label < options.Classes; label++)
        {
            var score = at.Objectness * _classes[label];
            if (score > threshold)
            {
                candidates.Add(new(Box(values, (at.Place, at.Anchor), size), label, score));
            }
        }
    }

    private static void Softmax(float[] values)
    {
        var (largest, sum) = (values.Max(), 0f);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Exp(values[i] - largest);
            sum += values[i];
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] /= sum;
        }
    }

    // b_x = sigmoid(t_x) + c_x, b_w = p_w exp(t_w), in cells.
    private DarknetBox Box(ReadOnlySpan<float> values, (int Place, int Anchor) at, DarknetMapSize size)
    {
        var step = size.Height * size.Width;
        var (anchorWidth, anchorHeight) = options.Anchors[at.Anchor];
        return new DarknetBox(
            ((at.Place % size.Width) + Logistic.Sigmoid(values[0])) / size.Width,
            ((at.Place / size.Width) + Logistic.Sigmoid(values[step])) / size.Height,
            MathF.Exp(values[2 * step]) * anchorWidth / size.Width,
            MathF.Exp(values[3 * step]) * anchorHeight / size.Height);
    }
}
