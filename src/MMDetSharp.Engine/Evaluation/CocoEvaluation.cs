using System.Globalization;
using System.Text;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>What COCO's protocol found. An average is -1 where there is no object to find.</summary>
public sealed class CocoEvaluation
{
    private readonly CocoEvaluationOptions _options;
    private readonly CocoCurves _curves;

    internal CocoEvaluation(CocoEvaluationOptions options, long[] categoryIds, CocoCurves curves)
    {
        _options = options;
        _curves = curves;
        CategoryIds = categoryIds;
        Classes = options.UseCategories ? categoryIds.Length : 1;
        Stats = [.. Rows().Select(Value)];
    }

    /// <summary>
    /// The evaluated categories; where they are told apart, in the order of the class axis (ascending).
    /// </summary>
    public IReadOnlyList<long> CategoryIds { get; }

    /// <summary>K: how many classes are told apart.</summary>
    public int Classes { get; }

    /// <summary>Detections that were not counted: of another category or image than those evaluated.</summary>
    public int UnusedDetections { get; init; }

    /// <summary>
    /// The 12 numbers of COCO's table: AP, AP50, AP75, AP small, medium, large; AR at each of the three numbers of
    /// detections, AR small, medium, large.
    /// </summary>
    public IReadOnlyList<double> Stats { get; }

    /// <summary>Precision at one recall threshold, made to fall; -1 without objects.</summary>
    /// <param name="at">Which IoU threshold, class, area range and number of detections.</param>
    /// <param name="recall">Index of the recall threshold.</param>
    public double Precision(CurveIndex at, int recall) =>
        _curves.Precision(at.Class, at.Area, at.MaxDetections, at.IoU)[recall];

    /// <summary>The largest recall; -1 without objects.</summary>
    /// <param name="at">Which IoU threshold, class, area range and number of detections.</param>
    public double Recall(CurveIndex at) => _curves.Recall(at.Class, at.Area, at.MaxDetections, at.IoU);

    /// <summary>AP of one class over all sizes, at the largest number of detections.</summary>
    /// <param name="categoryId">The category's id; any where classes are not told apart.</param>
    /// <param name="iouThreshold">One of the thresholds; null: the mean over all.</param>
    /// <returns>In [0, 1], or NaN if there is no object of the class.</returns>
    public double AveragePrecision(long categoryId, double? iouThreshold = null)
    {
        var k = _options.UseCategories ? CategoryIds.ToList().IndexOf(categoryId) : 0;
        if (k < 0)
        {
            throw new ArgumentException(
                $"AveragePrecision: category {categoryId} was not evaluated.", nameof(categoryId));
        }

        var mean = MeanPrecision(k, k + 1, 0, _options.MaxDetections.Count - 1, iouThreshold);
        return mean < 0 ? double.NaN : mean;
    }

    /// <summary>
    /// The mean of all recalls over IoU thresholds and classes, for one area range and number of detections.
    /// </summary>
    /// <param name="area">Index of the area range.</param>
    /// <param name="maxDetections">Index into the numbers of detections.</param>
    public double AverageRecall(int area, int maxDetections)
    {
        var mean = new MeanOfKnown();
        for (var k = 0; k < Classes; k++)
        {
            for (var t = 0; t < _options.IoUThresholds.Count; t++)
            {
                mean.Add(_curves.Recall(k, area, maxDetections, t));
            }
        }

        return mean.Value;
    }

    /// <summary>The table of 12 lines, as pycocotools prints it.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var (row, value) in Rows().Zip(Stats))
        {
            var iou = row.IoU is { } threshold
                ? threshold.ToString("F2", CultureInfo.InvariantCulture)
                : string.Create(
                    CultureInfo.InvariantCulture, $"{_options.IoUThresholds[0]:F2}:{_options.IoUThresholds[^1]:F2}");
            var title = row.IsPrecision ? "Average Precision  (AP)" : "Average Recall     (AR)";
            text.Append(
                CultureInfo.InvariantCulture,
                $" {title} @[ IoU={iou,-9} | area={row.Area,6} | maxDets={row.MaxDetections,3} ] = ");
            text.AppendLine(Rounded.Text(value));
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>
    /// COCO's 12 lines, for whatever numbers of detections: the first AP is at 100, as in pycocotools.
    /// </summary>
    private IEnumerable<Row> Rows()
    {
        var maxima = _options.MaxDetections;
        var last = maxima[Math.Min(2, maxima.Count - 1)];
        yield return new Row(true, null, "all", maxima.Contains(100) ? 100 : last);
        yield return new Row(true, 0.5, "all", last);
        yield return new Row(true, 0.75, "all", last);
        yield return new Row(true, null, "small", last);
        yield return new Row(true, null, "medium", last);
        yield return new Row(true, null, "large", last);
        yield return new Row(false, null, "all", maxima[0]);
        yield return new Row(false, null, "all", maxima[Math.Min(1, maxima.Count - 1)]);
        yield return new Row(false, null, "all", last);
        yield return new Row(false, null, "small", last);
        yield return new Row(false, null, "medium", last);
        yield return new Row(false, null, "large", last);
    }

    private double Value(Row row)
    {
        var area = _options.AreaRanges.ToList().FindIndex(range => range.Name == row.Area);
        var m = _options.MaxDetections.ToList().IndexOf(row.MaxDetections);
        if (area < 0)
        {
            return -1;
        }

        return row.IsPrecision ? MeanPrecision(0, Classes, area, m, row.IoU) : AverageRecall(area, m);
    }

    private double MeanPrecision(int firstClass, int endClass, int area, int m, double? iouThreshold)
    {
        var mean = new MeanOfKnown();
        for (var k = firstClass; k < endClass; k++)
        {
            for (var t = 0; t < _options.IoUThresholds.Count; t++)
            {
                if (iouThreshold is { } wanted && Math.Abs(wanted - _options.IoUThresholds[t]) > 1e-9)
                {
                    continue;
                }

                foreach (var precision in _curves.Precision(k, area, m, t))
                {
                    mean.Add(precision);
                }
            }
        }

        return mean.Value;
    }

    private sealed record Row(bool IsPrecision, double? IoU, string Area, int MaxDetections);

    /// <summary>The mean of all values above -1; -1 if there is none.</summary>
    private struct MeanOfKnown
    {
        private double _sum;
        private long _count;

        internal readonly double Value => _count == 0 ? -1 : _sum / _count;

        internal void Add(double value)
        {
            if (value > -1)
            {
                _sum += value;
                _count++;
            }
        }
    }
}
