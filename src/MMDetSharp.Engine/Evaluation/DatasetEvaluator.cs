using System.Text;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>Evaluates the results of a whole data set by the protocol that belongs to it.</summary>
public static class DatasetEvaluator
{
    /// <summary>Compares detections with a data set's annotations.</summary>
    /// <param name="dataset">In COCO's or VOC's format, or a concatenation of such.</param>
    /// <param name="results">The detections of each image, in the order of the data set.</param>
    /// <param name="options">Metrics and their settings; null: the defaults.</param>
    /// <returns>The numbers under the reference's keys, and the tables.</returns>
    /// <exception cref="ArgumentException">
    /// The numbers of images differ, a label is unknown, or so is a metric.
    /// </exception>
    /// <exception cref="DatasetException">This kind of data set cannot be evaluated.</exception>
    public static EvaluationReport Evaluate(
        IDetectionDataset dataset, IReadOnlyList<ImageDetections> results, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(results);
        options ??= new EvaluationOptions();
        if (results.Count != dataset.Count)
        {
            throw new ArgumentException(
                $"Evaluate: must have one result for each of {dataset.Count} images, got {results.Count}.");
        }

        if (options.ResultFilePrefix is { } prefix)
        {
            ResultConversion.ToCoco(dataset, results).Save($"{prefix}.bbox.json");
        }

        return dataset switch
        {
            CocoDataset coco => CocoReport.Make(coco, ResultConversion.ToCoco(coco, results), options),
            XmlDataset xml => VocReport.Make(xml, xml.Layout, results, options),
            ConcatDataset { SeparateEvaluation: true } concat => EvaluateParts(concat, results, options),
            ConcatDataset concat => EvaluateWhole(concat, results, options),
            _ => throw new DatasetException(
                $"Evaluate: {dataset.GetType().Name} repeats images, which evaluation must not. "
                + "Evaluate the data set inside it: data.val or data.test of the config."),
        };
    }

    /// <summary>Compares a result file with a COCO data set's annotations; needs no model and no tensor.</summary>
    /// <param name="dataset">In COCO's format.</param>
    /// <param name="results">As read from the file.</param>
    /// <param name="options">Metrics and their settings; null: the defaults.</param>
    /// <returns>The numbers under the reference's keys, and the tables.</returns>
    public static EvaluationReport Evaluate(
        CocoDataset dataset, CocoResults results, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(results);
        return CocoReport.Make(dataset, results, options ?? new EvaluationOptions());
    }

    /// <summary>Refuses metrics that a data set's protocol lacks: before hours of work, not after.</summary>
    /// <exception cref="ArgumentException">One is unknown.</exception>
    internal static void RequireMetrics(IDetectionDataset dataset, EvaluationOptions options)
    {
        switch (dataset)
        {
            case CocoDataset:
                CocoReport.RequireKnown(options.Metrics);
                break;
            case XmlDataset:
                VocReport.RequireKnown(options.Metrics);
                break;
            case ConcatDataset concat:
                RequireMetrics(concat.Datasets[0], options);
                break;
            default:
                break;
        }
    }

    private static EvaluationReport EvaluateParts(
        ConcatDataset concat, IReadOnlyList<ImageDetections> results, EvaluationOptions options)
    {
        var metrics = new OrderedDictionary<string, object>();
        var text = new StringBuilder();
        var start = 0;
        for (var i = 0; i < concat.Datasets.Count; i++)
        {
            var part = concat.Datasets[i];
            var report = Evaluate(
                part, [.. results.Skip(start).Take(part.Count)], options with { ResultFilePrefix = null });
            text.AppendLine().AppendLine($"Part {i}: {part.Count} images").AppendLine(report.Text);
            foreach (var (key, value) in report.Metrics)
            {
                metrics.Add($"{i}_{key}", value);
            }

            start += part.Count;
        }

        return new EvaluationReport(metrics, text.ToString());
    }

    private static EvaluationReport EvaluateWhole(
        ConcatDataset concat, IReadOnlyList<ImageDetections> results, EvaluationOptions options)
    {
        if (concat.Datasets[0] is XmlDataset first
            && concat.Datasets.All(part => part is XmlDataset xml && xml.Layout == first.Layout))
        {
            return VocReport.Make(concat, first.Layout, results, options);
        }

        throw new DatasetException(
            "Evaluate: separate_eval=False needs data sets of one XML type; found "
            + $"{string.Join(", ", concat.Datasets.Select(part => part.GetType().Name).Distinct())}. "
            + "Set separate_eval=True.");
    }
}
