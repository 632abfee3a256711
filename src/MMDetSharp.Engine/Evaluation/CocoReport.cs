using System.Globalization;
using System.Text;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>The metrics bbox, proposal and proposal_fast of the reference's <c>CocoDataset.evaluate</c>.</summary>
internal sealed class CocoReport
{
    private static readonly string[] Known = ["bbox", "proposal", "proposal_fast"];

    private readonly CocoDataset _dataset;
    private readonly CocoResults _results;
    private readonly EvaluationOptions _options;
    private readonly OrderedDictionary<string, object> _metrics = [];
    private readonly StringBuilder _text = new();

    private CocoReport(CocoDataset dataset, CocoResults results, EvaluationOptions options)
    {
        _dataset = dataset;
        _results = results;
        _options = options;
    }

    internal static EvaluationReport Make(CocoDataset dataset, CocoResults results, EvaluationOptions options)
    {
        RequireKnown(options.Metrics);
        var report = new CocoReport(dataset, results, options);
        IReadOnlyList<string> metrics = options.Metrics.Count > 0 ? options.Metrics : ["bbox"];
        if (results.Count == 0)
        {
            report._text.AppendLine("The testing results of the whole dataset is empty.");
        }

        foreach (var metric in metrics)
        {
            report.Add(metric);
        }

        return new EvaluationReport(report._metrics, report._text.ToString().TrimEnd());
    }

    internal static void RequireKnown(IEnumerable<string> metrics)
    {
        if (metrics.FirstOrDefault(metric => !Known.Contains(metric)) is { } unknown)
        {
            throw new ArgumentException(
                $"Evaluate: metric must be one of {string.Join(", ", Known)} for a data set in COCO's format, got "
                + $"'{unknown}'. Choose one of them.");
        }
    }

    private void Add(string metric)
    {
        _text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Evaluating {metric}...");
        switch (metric)
        {
            case "bbox":
                AddBoxes();
                break;
            case "proposal":
                AddProposals();
                break;
            default:
                AddFastProposals();
                break;
        }
    }

    private void AddBoxes()
    {
        var asksProposalNumbers = _options.MetricItems.Any(
            item => _options.ProposalNumbers.Any(number => item.EndsWith($"@{number}", StringComparison.Ordinal)));
        var options = Options(asksProposalNumbers ? _options.ProposalNumbers : [1, 10, 100], useCategories: true);
        var evaluation = CocoEvaluator.Evaluate(_dataset.Annotations, _results, options);
        _text.AppendLine(evaluation.Summary());
        if (evaluation.UnusedDetections > 0)
        {
            _text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{evaluation.UnusedDetections} detections are of other classes or images and were not counted.");
        }

        if (_options.ClassWise)
        {
            _text.AppendLine().AppendLine(ClassTable(evaluation));
        }

        AddItems("bbox_", evaluation, options, ["mAP", "mAP_50", "mAP_75", "mAP_s", "mAP_m", "mAP_l"]);
        _metrics["bbox_mAP_copypaste"] = string.Join(' ', evaluation.Stats.Take(6).Select(Rounded.Text));
    }

    private void AddProposals()
    {
        var options = Options(_options.ProposalNumbers, useCategories: false);
        var evaluation = CocoEvaluator.Evaluate(_dataset.Annotations, _results, options);
        _text.AppendLine(evaluation.Summary());
        AddItems("", evaluation, options, ItemNames(options)[6..]);
    }

    private void AddFastProposals()
    {
        var thresholds = _options.IoUThresholds.Count > 0
            ? _options.IoUThresholds
            : new CocoEvaluationOptions().IoUThresholds;
        var recall = ProposalRecall.Evaluate(
            [.. Enumerable.Range(0, _dataset.Count).Select(ObjectsOf)],
            ResultConversion.ToProposals(_dataset, _results),
            _options.ProposalNumbers,
            thresholds);
        for (var n = 0; n < _options.ProposalNumbers.Count; n++)
        {
            var mean = Enumerable.Range(0, thresholds.Count).Average(t => recall[n, t]);
            _metrics[$"AR@{_options.ProposalNumbers[n]}"] = mean;
            _text.AppendLine(CultureInfo.InvariantCulture, $"AR@{_options.ProposalNumbers[n]}\t{mean:F4}");
        }
    }

    private CocoEvaluationOptions Options(IReadOnlyList<int> maxDetections, bool useCategories)
    {
        var options = new CocoEvaluationOptions
        {
            MaxDetections = maxDetections,
            UseCategories = useCategories,
            CategoryIds = _dataset.ClassCategoryIds,
            ImageIds = [.. Enumerable.Range(0, _dataset.Count).Select(_dataset.ImageId)],
            Threads = _options.Threads,
        };
        return _options.IoUThresholds.Count > 0 ? options with { IoUThresholds = _options.IoUThresholds } : options;
    }

    /// <summary>
    /// All objects of an image that are neither crowd nor ignored, of whatever class: as the reference.
    /// </summary>
    private float[] ObjectsOf(int index)
    {
        _dataset.Annotations.TryFindImage(_dataset.ImageId(index), out var image);
        var boxes = new List<float>();
        foreach (ref readonly var annotation in _dataset.Annotations.Of(image))
        {
            if (!annotation.IsIgnored && !annotation.IsCrowd)
            {
                boxes.AddRange(
                [
                    (float)annotation.X,
                    (float)annotation.Y,
                    (float)(annotation.X + annotation.Width),
                    (float)(annotation.Y + annotation.Height),
                ]);
            }
        }

        return [.. boxes];
    }

    private void AddItems(
        string prefix, CocoEvaluation evaluation, CocoEvaluationOptions options, IReadOnlyList<string> usual)
    {
        var names = ItemNames(options);
        foreach (var item in _options.MetricItems.Count > 0 ? _options.MetricItems : usual)
        {
            var index = Array.IndexOf(names, item);
            if (index < 0)
            {
                throw new ArgumentException(
                    $"Evaluate: metric_items must be among {string.Join(", ", names)}, got '{item}'.");
            }

            _metrics[prefix + item] = Rounded.Value(evaluation.Stats[index]);
        }
    }

    private static string[] ItemNames(CocoEvaluationOptions options)
    {
        var maxima = options.MaxDetections;
        var last = maxima[Math.Min(2, maxima.Count - 1)];
        return
        [
            "mAP", "mAP_50", "mAP_75", "mAP_s", "mAP_m", "mAP_l",
            $"AR@{maxima[0]}", $"AR@{maxima[Math.Min(1, maxima.Count - 1)]}", $"AR@{last}",
            $"AR_s@{last}", $"AR_m@{last}", $"AR_l@{last}",
        ];
    }

    private string ClassTable(CocoEvaluation evaluation)
    {
        var cells = _dataset.Classes
            .Zip(_dataset.ClassCategoryIds)
            .SelectMany(c => (string[])[c.First, Rounded.Text(evaluation.AveragePrecision(c.Second))])
            .ToList();
        var columns = Math.Min(6, cells.Count);
        var rows = cells
            .Chunk(columns)
            .Select(row => (IReadOnlyList<string>)[.. row, .. Enumerable.Repeat("", columns - row.Length)]);
        IReadOnlyList<string> heading = [.. Enumerable.Range(0, columns).Select(c => c % 2 == 0 ? "category" : "AP")];
        return AsciiTable.Render(rows.Prepend(heading));
    }
}
