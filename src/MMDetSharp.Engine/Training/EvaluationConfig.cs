using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Training.Hooks;

namespace MMDetSharp.Engine.Training;

/// <summary>Reads the node <c>evaluation</c>: when to evaluate, and how.</summary>
internal static class EvaluationConfig
{
    /// <summary>When to evaluate during a training.</summary>
    internal static EvalOptions When(ConfigReader? reader)
    {
        if (reader is null)
        {
            return new EvalOptions();
        }

        var interval = reader.Int("interval", 1);
        var rule = reader.StringOrNull("rule") is null ? null : reader.Choice("rule", "greater", "less");
        return interval > 0
            ? new EvalOptions
            {
                Interval = interval,
                Start = reader.IntOrNull("start") is { } start ? Math.Max(0, start) : null,
                SaveBest = reader.StringOrNull("save_best"),
                LessIsBetter = rule is null ? null : rule == "less",
            }
            : throw reader.Error("interval", $"must be above 0, got {interval}. Use --no-validate to never evaluate.");
    }

    /// <summary>How a data set is evaluated; refuses unknown keys.</summary>
    /// <param name="reader">The node, or null.</param>
    /// <param name="metrics">The metrics to use instead of the node's; none for the node's.</param>
    internal static EvaluationOptions How(ConfigReader? reader, IReadOnlyList<string>? metrics = null)
    {
        var defaults = new EvaluationOptions();
        if (reader is null)
        {
            return defaults with { Metrics = metrics ?? [] };
        }

        _ = When(reader);
        reader.Ignore("tmpdir", "gpu_collect", "by_epoch", "jsonfile_prefix", "logger");
        var own = reader.StringsOrOne("metric") ?? [];
        var options = defaults with
        {
            Metrics = metrics is { Count: > 0 } ? metrics : own,
            ClassWise = reader.Bool("classwise", false),
            ProposalNumbers = reader.IntsOrOne("proposal_nums") ?? defaults.ProposalNumbers,
            IoUThresholds = reader.FloatsOrOne("iou_thrs") ?? reader.FloatsOrOne("iou_thr") ?? [],
            MetricItems = reader.StringsOrOne("metric_items") ?? [],
        };
        reader.Done();
        return options;
    }
}
