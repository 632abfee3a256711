using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.PostProcessing;

/// <summary>Score threshold, NMS per class and top-k, for boxes that have a score for every class.</summary>
/// <param name="options">Score threshold, NMS and the most detections of an image.</param>
/// <remarks>Reads the boxes and scores once and works on values: the same on every device.</remarks>
public sealed class MulticlassNms(MulticlassNmsOptions options)
{
    /// <summary>Score threshold, NMS and top-k of one image.</summary>
    /// <param name="boxes">(P, 4) xyxy, or (P, 4 K) with one box per class.</param>
    /// <param name="scores">(P, K), without background.</param>
    /// <param name="factors">(P) factors of the scores, applied after the threshold; null: 1.</param>
    /// <returns>The objects by falling score, on the boxes' device; they belong to the caller.</returns>
    public Detections Select(Tensor boxes, Tensor scores, Tensor? factors = null)
    {
        scores.RequireShape([ShapeGuard.Any, ShapeGuard.Any]);
        var (count, classes) = (scores.Size(0), (int)scores.Size(1));
        boxes.RequireShape([count, boxes.Size(1) == 4 ? 4 : 4 * classes], "Give (P, 4) or (P, 4 K) boxes.");
        factors?.RequireShape([count], "Give one factor per box.");
        using var scope = TensorScope.Begin();
        var candidates = Candidates.Collect(
            boxes.Detach().ToArray(), scores.Detach().ToArray(), factors?.Detach().ToArray(),
            (classes, (float)options.ScoreThreshold));
        var (rows, kept) = BatchedNms.Select(
            candidates.Boxes, candidates.Scores, candidates.Labels, options.Nms, options.MaxPerImage);
        return candidates.Pick(rows, kept, boxes.Device).KeepIn(scope);
    }

    /// <summary>The pairs of box and class whose score passes the threshold, box by box.</summary>
    private sealed record Candidates(float[] Boxes, float[] Scores, int[] Labels)
    {
        internal static Candidates Collect(
            float[] boxes, float[] scores, float[]? factors, (int Classes, float Threshold) options)
        {
            var (passed, values, labels) = (new List<float>(), new List<float>(), new List<int>());
            var (classes, threshold) = options;
            var perClass = scores.Length > 0 && boxes.Length == scores.Length * 4 && classes > 1;
            for (var i = 0; i < scores.Length; i++)
            {
                if (scores[i] > threshold)
                {
                    var row = i / classes;
                    passed.AddRange(boxes.AsSpan((perClass ? i : row) * 4, 4));
                    values.Add(factors is null ? scores[i] : scores[i] * factors[row]);
                    labels.Add(i % classes);
                }
            }

            return new([.. passed], [.. values], [.. labels]);
        }

        internal Detections Pick(int[] rows, float[] scores, Device device)
        {
            var boxes = new float[rows.Length * 4];
            for (var i = 0; i < rows.Length; i++)
            {
                Boxes.AsSpan(rows[i] * 4, 4).CopyTo(boxes.AsSpan(i * 4));
            }

            var labels = Array.ConvertAll(rows, row => (long)Labels[row]);
            return new(
                Tensor.From(boxes, rows.Length, 4).To(device),
                Tensor.From(scores, rows.Length).To(device),
                Tensor.From(labels, rows.Length).To(device));
        }
    }
}

/// <summary>Score threshold, NMS and top-k of one image.</summary>
public sealed record MulticlassNmsOptions
{
    /// <summary>Only boxes of higher scores are candidates.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>How overlapping boxes suppress each other.</summary>
    public NmsOptions Nms { get; init; } = new();

    /// <summary>At most so many objects; 0 or less: any number.</summary>
    public int MaxPerImage { get; init; } = 100;

    /// <summary>Reads <c>score_thr</c>, <c>nms</c> and <c>max_per_img</c> of a <c>test_cfg</c>.</summary>
    internal static MulticlassNmsOptions FromConfig(ConfigReader test) => new()
    {
        ScoreThreshold = test.Fraction("score_thr"),
        Nms = NmsOptions.FromConfig(test.Node("nms")),
        MaxPerImage = test.Int("max_per_img"),
    };
}
