using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The settings of the VOC protocol.</summary>
public sealed record VocEvaluationOptions
{
    /// <summary>Overlap from which a detection is a match.</summary>
    public double IoUThreshold { get; init; } = 0.5;

    /// <summary>How AP is taken from the precision-recall curve, and how detections are matched.</summary>
    public VocProtocol Protocol { get; init; } = VocProtocol.Area;

    /// <summary>Sizes that are evaluated separately; none: all sizes together.</summary>
    public IReadOnlyList<ScaleRange> ScaleRanges { get; init; } = [];
}

/// <summary>PASCAL VOC's protocol: one IoU threshold, average precision for each class.</summary>
/// <remarks>
/// Everingham et al., "The PASCAL Visual Object Classes Challenge" (IJCV 2010), section 4.2. As the reference:
/// IoU in single precision, boxes without the extra pixel, a second detection of an object is wrong.
/// </remarks>
public static class VocEvaluator
{
    /// <summary>Compares detections with annotated boxes.</summary>
    /// <param name="items">The annotated images; ignored boxes are neither found nor wrong.</param>
    /// <param name="results">The detections of each image, in the same order.</param>
    /// <param name="classes">The number of classes, K.</param>
    /// <param name="options">The protocol's settings; null: VOC 2010 at 0.5.</param>
    /// <exception cref="ArgumentException">The numbers of images differ, or a label is not below K.</exception>
    public static VocEvaluation Evaluate(
        IReadOnlyList<DatasetItem> items,
        IReadOnlyList<ImageDetections> results,
        int classes,
        VocEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(results);
        options ??= new VocEvaluationOptions();
        if (items.Count != results.Count)
        {
            throw new ArgumentException(
                $"Evaluate: must have one result for each of {items.Count} images, got {results.Count}.");
        }

        for (var i = 0; i < results.Count; i++)
        {
            DetectionCheck.Require(results[i], i, classes);
        }

        var found = new VocClassResult[classes];
        Parallel.For(0, classes, k => found[k] = EvaluateClass(items, results, k, options));
        return new VocEvaluation(found, options.ScaleRanges);
    }

    private static VocClassResult EvaluateClass(
        IReadOnlyList<DatasetItem> items, IReadOnlyList<ImageDetections> results, int k, VocEvaluationOptions options)
    {
        var scales = Math.Max(1, options.ScaleRanges.Count);
        var matcher = new VocMatcher(options);
        var objects = new int[scales];
        var scores = new List<float>();
        var outcomes = Enumerable.Range(0, scales).Select(_ => new List<VocOutcome>()).ToArray();
        for (var i = 0; i < items.Count; i++)
        {
            var image = VocImage.Of(items[i], results[i], k);
            scores.AddRange(image.Scores);
            for (var s = 0; s < scales; s++)
            {
                ScaleRange? scale = options.ScaleRanges.Count > 0 ? options.ScaleRanges[s] : null;
                outcomes[s].AddRange(matcher.Match(image, scale));
                objects[s] += image.CountObjects(scale);
            }
        }

        var order = Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i]).ToArray();   // stable
        var curves = outcomes.Select((outcome, s) => Curve(outcome, order, objects[s])).ToList();
        return new VocClassResult
        {
            Objects = objects,
            Detections = scores.Count,
            Recall = [.. curves.Select(curve => curve.Recall.Length > 0 ? curve.Recall[^1] : 0)],
            AveragePrecision =
            [
                .. curves.Select(curve => (double)AveragePrecision(curve.Recall, curve.Precision, options.Protocol)),
            ],
        };
    }

    private static (double[] Recall, double[] Precision) Curve(List<VocOutcome> outcomes, int[] order, int objects)
    {
        const float Least = 1.1920929e-7f;   // single precision's epsilon, against 0 / 0
        var recall = new double[order.Length];
        var precision = new double[order.Length];
        float right = 0;
        float wrong = 0;
        for (var i = 0; i < order.Length; i++)
        {
            right += outcomes[order[i]] == VocOutcome.Right ? 1 : 0;
            wrong += outcomes[order[i]] == VocOutcome.Wrong ? 1 : 0;
            recall[i] = right / Math.Max(objects, (double)Least);
            precision[i] = right / Math.Max(right + wrong, Least);
        }

        return (recall, precision);
    }

    /// <summary>Reads average precision off a curve.</summary>
    internal static float AveragePrecision(double[] recall, double[] precision, VocProtocol protocol) =>
        protocol == VocProtocol.ElevenPoints ? ElevenPoints(recall, precision) : Area(recall, precision);

    private static float Area(double[] recall, double[] precision)
    {
        var falling = 0.0;                   // the best precision at this recall or beyond
        var area = 0.0;
        for (var i = recall.Length - 1; i >= 0; i--)
        {
            falling = Math.Max(falling, precision[i]);
            area += (recall[i] - (i == 0 ? 0 : recall[i - 1])) * falling;
        }

        return (float)area;
    }

    private static float ElevenPoints(double[] recall, double[] precision)
    {
        float sum = 0;
        for (var point = 0; point <= 10; point++)
        {
            var best = 0.0;
            for (var i = 0; i < recall.Length; i++)
            {
                best = recall[i] >= point * 0.1 ? Math.Max(best, precision[i]) : best;
            }

            sum += (float)best;
        }

        return sum / 11;
    }
}
