using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>Boxes of one picture with a score and a class each, before they are thinned out.</summary>
internal sealed class BoxCandidates
{
    private readonly List<float> _boxes = [];
    private readonly List<float> _scores = [];
    private readonly List<int> _labels = [];

    /// <summary>How many there are, N.</summary>
    internal int Count => _scores.Count;

    /// <summary>Adds a box.</summary>
    /// <param name="box">(x1, y1, x2, y2).</param>
    /// <param name="score">How sure it is.</param>
    /// <param name="label">Its class.</param>
    internal void Add(ReadOnlySpan<float> box, float score, int label)
    {
        _boxes.AddRange(box);
        _scores.Add(score);
        _labels.Add(label);
    }

    /// <summary>
    /// Greedy suppression as YOLOv5 does it: boxes are shifted by their class, so far that classes cannot overlap,
    /// which rounds coordinates; only the best ones are compared.
    /// </summary>
    /// <param name="shift">Pixels from class to class; 0 compares boxes of all classes.</param>
    /// <param name="threshold">A box goes that overlaps a better one by more than this.</param>
    /// <param name="candidates">The best boxes that are compared.</param>
    /// <param name="maxCount">At most so many stay.</param>
    /// <returns>(D) the boxes that stay, the best first.</returns>
    internal Chosen Thin(float shift, double threshold, int candidates, int maxCount)
    {
        var (boxes, scores, labels) = (_boxes.ToArray(), _scores.ToArray(), _labels.ToArray());
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] += labels[i / 4] * shift;
        }

        if (scores.Length > candidates)
        {
            Forget(scores, candidates);
        }

        var options = new NmsOptions { IoUThreshold = threshold };
        var rows = GreedyNms.Select(boxes, scores, shift == 0 ? [] : labels, options, maxCount);
        return Pick(Array.FindAll(rows, row => scores[row] >= 0));
    }

    // The worst ones sort behind all others, and are left out of the result.
    private static void Forget(float[] scores, int candidates)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).Skip(candidates).ToList();
        order.ForEach(row => scores[row] = -1);
    }

    private Chosen Pick(int[] rows)
    {
        var boxes = new float[rows.Length * 4];
        for (var i = 0; i < rows.Length; i++)
        {
            _boxes.CopyTo(rows[i] * 4, boxes, i * 4, 4);
        }

        var scores = Array.ConvertAll(rows, row => _scores[row]);
        return new(boxes, scores, Array.ConvertAll(rows, row => (long)_labels[row]));
    }

    /// <summary>The boxes that stay.</summary>
    /// <param name="Boxes">(D, 4) xyxy.</param>
    /// <param name="Scores">(D).</param>
    /// <param name="Labels">(D).</param>
    internal sealed record Chosen(float[] Boxes, float[] Scores, long[] Labels)
    {
        /// <summary>As tensors on a device; they belong to the caller.</summary>
        internal Detections ToDetections(Device device) => new(
            Tensor.From(Boxes, Scores.Length, 4).To(device),
            Tensor.From(Scores, Scores.Length).To(device),
            Tensor.From(Labels, Labels.Length).To(device));
    }
}
