using System.Collections.Concurrent;

using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The settings of COCO's protocol; the defaults are its own.</summary>
public sealed record CocoEvaluationOptions
{
    /// <summary>(T): overlap from which a detection may match; at most 64, default 0.50, 0.55, ..., 0.95.</summary>
    public IReadOnlyList<double> IoUThresholds { get; init; } = Steps(0.5, 0.95, 10);

    /// <summary>(R): ascending recalls at which precision is read; default 0.00, 0.01, ..., 1.00.</summary>
    public IReadOnlyList<double> RecallThresholds { get; init; } = Steps(0, 1, 101);

    /// <summary>(M): ascending; how many best detections of an image count, of each class or of all.</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>(A): the sizes that are evaluated separately; the first must hold all.</summary>
    public IReadOnlyList<AreaRange> AreaRanges { get; init; } = AreaRange.Coco;

    /// <summary>False: classes are not told apart, as proposals are evaluated (<c>useCats=0</c>).</summary>
    public bool UseCategories { get; init; } = true;

    /// <summary>The categories to evaluate; null: all of the annotation file.</summary>
    public IReadOnlyList<long>? CategoryIds { get; init; }

    /// <summary>The images to evaluate; null: all of the annotation file.</summary>
    public IReadOnlyList<long>? ImageIds { get; init; }

    /// <summary>How many threads may work; 0: as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>Evenly spaced numbers, bit for bit those of numpy's linspace.</summary>
    internal static double[] Steps(double start, double stop, int count)
    {
        var step = (stop - start) / (count - 1);
        var values = Enumerable.Range(0, count).Select(i => (i * step) + start).ToArray();
        values[^1] = stop;
        return values;
    }

    internal void Check()
    {
        Require(IoUThresholds.Count is >= 1 and <= 64, $"1 to 64 IoU thresholds, got {IoUThresholds.Count}");
        Require(RecallThresholds.Count >= 1, "at least one recall threshold, got none");
        Require(RecallThresholds.SequenceEqual(RecallThresholds.Order()), "recall thresholds in ascending order");
        Require(MaxDetections.Count >= 1 && MaxDetections[0] >= 1, "at least one number of detections, from 1");
        Require(MaxDetections.SequenceEqual(MaxDetections.Order()), "numbers of detections in ascending order");
        Require(AreaRanges.Count >= 1, "at least one area range, got none");
        Require(Threads >= 0, $"a number of threads from 0, got {Threads}");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"COCO evaluation: must have {what}. Mend the options.");
        }
    }
}

/// <summary>COCO's protocol for boxes: average precision and recall over IoU thresholds, sizes and classes.</summary>
/// <remarks>
/// Gives the numbers of pycocotools' COCOeval with iouType "bbox" (https://cocodataset.org/#detection-eval;
/// Lin et al., arXiv:1405.0312). Columns grouped by class and image are matched by many threads, all thresholds
/// at once; each class is sorted once.
/// </remarks>
public static class CocoEvaluator
{
    /// <summary>Compares detections with the objects of an annotation file.</summary>
    /// <param name="annotations">The annotated objects of every image.</param>
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
