using System.Collections.Concurrent;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>COCO's protocol for boxes: average precision and recall over IoU thresholds, sizes and classes.</summary>
/// <remarks>
/// Gives the numbers of pycocotools' COCOeval with iouType "bbox" (https://cocodataset.org/#detection-eval;
/// Lin et al., arXiv:1405.0312). Columns grouped by class and image are matched by many threads, all thresholds
/// at once; each class is sorted once.
/// </remarks>
public static class CocoEvaluator
{
    /// <summary>Compares detections with the objects of an annotation file.</summary>
    /// <param name="annotations">The objects.</param>
    /// <param name="results">The detections; those of other images or categories than evaluated do not count.</param>
    /// <param name="options">The protocol's settings; null: COCO's own.</param>
    /// <returns>Precision, recall and the 12 numbers of the table.</returns>
    /// <exception cref="DatasetException">A detection is of an image that the annotations do not list.</exception>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public static CocoEvaluation Evaluate(
        CocoAnnotations annotations, CocoResults results, CocoEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        ArgumentNullException.ThrowIfNull(results);
        options ??= new CocoEvaluationOptions();
        options.Check();
        var table = CocoTable.Build(annotations, results, options);
        var matches = Match(table, options);
        var curves = Accumulate(table, options, matches);
        return new CocoEvaluation(options, table.CategoryIds, curves) { UnusedDetections = table.Unused };
    }

    private static CocoMatches Match(CocoTable table, CocoEvaluationOptions options)
    {
        var matches = new CocoMatches(options.AreaRanges.Count, table.Rank.Length);
        if (table.Groups.Length > 0)
        {
            Parallel.ForEach(
                Partitioner.Create(0, table.Groups.Length, Math.Max(16, table.Groups.Length / 256)),
                Parallelism.Of(options.Threads),
                () => new CocoMatcher(table, options, matches),
                (range, _, matcher) =>
                {
                    for (var g = range.Item1; g < range.Item2; g++)
                    {
                        matcher.Match(table.Groups[g]);
                    }

                    return matcher;
                },
                _ => { });
        }

        return matches;
    }

    private static CocoCurves Accumulate(CocoTable table, CocoEvaluationOptions options, CocoMatches matches)
    {
        var curves = new CocoCurves(table.Classes, options);
        var areas = options.AreaRanges.Count;
        Parallel.For(
            0,
            table.Classes * areas,
            Parallelism.Of(options.Threads),
            () => new CocoAccumulator(table, options, matches, curves),
            (i, _, accumulator) =>
            {
                accumulator.Accumulate(i / areas, i % areas);
                return accumulator;
            },
            _ => { });
        return curves;
    }
}
