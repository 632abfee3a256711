using System.Globalization;
using System.Text;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The metrics mAP and recall of the reference's <c>VOCDataset.evaluate</c>.</summary>
internal sealed class VocReport
{
    private readonly IReadOnlyList<string> _classes;
    private readonly List<DatasetItem> _items;
    private readonly IReadOnlyList<ImageDetections> _results;
    private readonly EvaluationOptions _options;
    private readonly IReadOnlyList<double> _thresholds;
    private readonly OrderedDictionary<string, object> _metrics = [];
    private readonly StringBuilder _text = new();

    private VocReport(IDetectionDataset dataset, IReadOnlyList<ImageDetections> results, EvaluationOptions options)
    {
        _classes = dataset.Classes;
        _items = [.. Enumerable.Range(0, dataset.Count).Select(dataset.Item)];
        _results = results;
        _options = options;
        _thresholds = options.IoUThresholds.Count > 0 ? options.IoUThresholds : [0.5];
    }

    internal static EvaluationReport Make(
        IDetectionDataset dataset,
        XmlLayout layout,
        IReadOnlyList<ImageDetections> results,
        EvaluationOptions options)
    {
        RequireKnown(options.Metrics);
        var report = new VocReport(dataset, results, options);
        foreach (var metric in options.Metrics.Count > 0 ? options.Metrics : ["mAP"])
        {
            switch (metric)
            {
                case "mAP":
                    report.AddPrecision(layout == XmlLayout.Voc2007 ? VocProtocol.ElevenPoints : VocProtocol.Area);
                    break;
                default:
                    report.AddRecall();
                    break;
            }
        }

        return new EvaluationReport(report._metrics, report._text.ToString().TrimEnd());
    }

    internal static void RequireKnown(IEnumerable<string> metrics)
    {
        if (metrics.FirstOrDefault(metric => metric is not ("mAP" or "recall")) is { } unknown)
        {
            throw new ArgumentException(
                $"Evaluate: metric must be mAP or recall for a data set in VOC's format, got '{unknown}'. "
                + "Choose one of them.");
        }
    }

    private void AddPrecision(VocProtocol protocol)
    {
        var means = new List<double>();
        foreach (var threshold in _thresholds)
        {
            var evaluation = VocEvaluator.Evaluate(
                _items,
                _results,
                _classes.Count,
                new VocEvaluationOptions { IoUThreshold = threshold, Protocol = protocol });
            means.Add(evaluation.MeanAveragePrecision[0]);
            _text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"IoU threshold: {threshold}");
            _text.AppendLine(evaluation.Summary(_classes));
            if (_thresholds.Count > 1)
            {
                _metrics[$"AP{(int)(threshold * 100):D2}"] = Rounded.Value(means[^1]);
            }
        }

        _metrics["mAP"] = means.Average();
    }

    private void AddRecall()
    {
        var recall = ProposalRecall.Evaluate(
            [.. _items.Select(image => image.Boxes)], _results, _options.ProposalNumbers, _thresholds);
        for (var n = 0; n < _options.ProposalNumbers.Count; n++)
        {
            var number = _options.ProposalNumbers[n];
            for (var t = 0; t < _thresholds.Count; t++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"recall@{number}@{_thresholds[t]}");
                _metrics[key] = recall[n, t];
                _text.AppendLine(CultureInfo.InvariantCulture, $"{key}\t{recall[n, t]:F4}");
            }

            if (_thresholds.Count > 1)
            {
                _metrics[$"AR@{number}"] = Enumerable.Range(0, _thresholds.Count).Average(t => recall[n, t]);
            }
        }
    }
}
