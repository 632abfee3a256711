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
