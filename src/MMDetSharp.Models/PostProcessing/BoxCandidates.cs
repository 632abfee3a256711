using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>Boxes of one image with a score and a class each, before NMS.</summary>
internal sealed class BoxCandidates
{
    private readonly List<float> _boxes = [];
    private readonly List<float> _scores = [];
    private readonly List<int> _labels = [];

    /// <summary>How many there are, N.</summary>
    internal int Count => _scores.Count;

    /// <summary>Adds a decoded box with one of its classes.</summary>
    /// <param name="box">(x1, y1, x2, y2).</param>
    /// <param name="score">Its score for that class.</param>
    /// <param name="label">The class, 0 to K - 1.</param>
    internal void Add(ReadOnlySpan<float> box, float score, int label)
    {
        _boxes.AddRange(box);
        _scores.Add(score);
        _labels.Add(label);
    }

    /// <summary>
    /// Greedy NMS as YOLOv5 has it: boxes are shifted by their class, so far that classes cannot overlap,
    /// which rounds coordinates; only the top-k take part.
    /// </summary>
    /// <param name="shift">Pixels from class to class; 0 compares boxes of all classes.</param>
    /// <param name="threshold">A box is suppressed that overlaps a better one by more than this IoU.</param>
    /// <param name="topK">How many of the best boxes take part.</param>
    /// <param name="maxCount">At most so many are kept.</param>
    /// <returns>(D) the boxes that are kept, the best first.</returns>
    internal Kept Nms(float shift, double threshold, int topK, int maxCount)
    {
        var (boxes, scores, labels) = (_boxes.ToArray(), _scores.ToArray(), _labels.ToArray());
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] += labels[i / 4] * shift;
        }

        if (scores.Length > topK)
        {
            KeepTopK(scores, topK);
        }

        var options = new NmsOptions { IoUThreshold = threshold };
        var rows = GreedyNms.Select(boxes, scores, shift == 0 ? [] : labels, options, maxCount);
        return Gather(Array.FindAll(rows, row => scores[row] >= 0));
    }

    // The worst ones sort behind all others, and are left out of the result.
    private static void KeepTopK(float[] scores, int topK)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).Skip(topK).ToList();
        order.ForEach(row => scores[row] = -1);
    }

    private Kept Gather(int[] rows)
    {
        var boxes = new float[rows.Length * 4];
        for (var i = 0; i < rows.Length; i++)
        {
            _boxes.CopyTo(rows[i] * 4, boxes, i * 4, 4);
        }

        var scores = Array.ConvertAll(rows, row => _scores[row]);
        return new(boxes, scores, Array.ConvertAll(rows, row => (long)_labels[row]));
    }

    /// <summary>The boxes that NMS kept.</summary>
    /// <param name="Boxes">(D, 4) xyxy.</param>
    /// <param name="Scores">(D) by descending score.</param>
    /// <param name="Labels">(D) classes, 0 to K - 1.</param>
    internal sealed record Kept(float[] Boxes, float[] Scores, long[] Labels)
    {
        /// <summary>As tensors on a device; they belong to the caller.</summary>
        internal Detections ToDetections(Device device) => new(
            Tensor.From(Boxes, Scores.Length, 4).To(device),
            Tensor.From(Scores, Scores.Length).To(device),
            Tensor.From(Labels, Labels.Length).To(device));
    }
}
