using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>How a data set is evaluated: the keywords of the reference's <c>evaluate</c>.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// COCO: bbox, proposal, proposal_fast; VOC: mAP, recall (<c>metric</c>). None: bbox or mAP.
    /// </summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Whether AP of each class is shown (<c>classwise</c>).</summary>
    public bool ClassWise { get; init; }

    /// <summary>Ascending: how many best proposals of an image count (<c>proposal_nums</c>).</summary>
    public IReadOnlyList<int> ProposalNumbers { get; init; } = [100, 300, 1000];

    /// <summary>Overlaps (<c>iou_thrs</c>, <c>iou_thr</c>); none: COCO's ten, or VOC's 0.5.</summary>
    public IReadOnlyList<double> IoUThresholds { get; init; } = [];

    /// <summary>
    /// Which numbers of a COCO table to report, such as mAP_50 or AR@100 (<c>metric_items</c>); none: the usual.
    /// </summary>
    public IReadOnlyList<string> MetricItems { get; init; } = [];

    /// <summary>How many threads may work; 0: as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Where to write the results as COCO files, <c>PREFIX.bbox.json</c> (<c>jsonfile_prefix</c>); null: nowhere.
    /// </summary>
    public string? ResultFilePrefix { get; init; }

    /// <summary>How a config's <c>evaluation</c> wants a data set to be evaluated; unknown keys are refused.</summary>
    /// <param name="reader">The node, or null where there is none.</param>
    /// <param name="metrics">The metrics to use instead of the node's; none for the node's.</param>
    /// <exception cref="ConfigException">A value has a wrong type, or a key is unknown.</exception>
    public static EvaluationOptions FromConfig(ConfigReader? reader, IReadOnlyList<string>? metrics = null)
    {
        var options = reader is null ? new EvaluationOptions() : Read(reader) with { ResultFilePrefix = null };

        // When to evaluate is for the training to say (EvalOptions).
        reader?.Ignore("interval", "start", "save_best", "rule", "by_epoch", "tmpdir", "gpu_collect", "logger");
        reader?.Done();
        return metrics is { Count: > 0 } ? options with { Metrics = metrics } : options;
    }

    /// <summary>Reads the keywords from a config's <c>evaluation</c>, or from <c>--eval-options</c>.</summary>
    /// <param name="reader">The node; other keys are left to the caller, also the call of Done.</param>
    /// <exception cref="ConfigException">A value has a wrong type.</exception>
    public static EvaluationOptions Read(ConfigReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var defaults = new EvaluationOptions();
        return new EvaluationOptions
        {
            Metrics = reader.StringsOrOne("metric") ?? defaults.Metrics,
            ClassWise = reader.Bool("classwise", false),
            ProposalNumbers = reader.IntsOrOne("proposal_nums")?.Order().ToArray() ?? defaults.ProposalNumbers,
            IoUThresholds = reader.FloatsOrOne("iou_thrs") ?? reader.FloatsOrOne("iou_thr") ?? defaults.IoUThresholds,
            MetricItems = reader.StringsOrOne("metric_items") ?? defaults.MetricItems,
            ResultFilePrefix = reader.StringOrNull("jsonfile_prefix"),
        };
    }
}
