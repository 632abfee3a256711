using System.Globalization;

using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>When a training is evaluated, and which number decides on the best checkpoint.</summary>
internal sealed record EvalOptions
{
    /// <summary>Epochs from one evaluation to the next, at least 1.</summary>
    internal int Interval { get; init; } = 1;

    /// <summary>The first epoch to evaluate after; null for no condition. A resumed training at or past it starts with one.</summary>
    internal int? Start { get; init; }

    /// <summary>The number that decides (<c>bbox_mAP</c>), <c>auto</c> for the first, or null for none.</summary>
    internal string? SaveBest { get; init; }

    /// <summary>Whether less is better; null to tell by the name: losses fall.</summary>
    internal bool? LessIsBetter { get; init; }

    /// <summary>From a config's <c>evaluation</c>; null for the defaults.</summary>
    internal static EvalOptions FromConfig(ConfigReader? reader)
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
}

/// <summary>Evaluates the model on the validation set after epochs, and keeps the best checkpoint.</summary>
/// <param name="options">After which epochs, and which metric is the best checkpoint's.</param>
/// <param name="evaluate">Detects and evaluates; given the runner.</param>
internal sealed class EvalHook(EvalOptions options, Func<Runner, EvaluationReport> evaluate) : Hook
{
    private bool _isFirstEpoch = true;
    private double? _bestScore;

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner) => FindEarlierBest(runner);

    /// <inheritdoc/>
    public override void BeforeTrainEpoch(Runner runner)
    {
        if (_isFirstEpoch && runner.Epoch >= options.Start && IsDue(runner.Epoch))
        {
            Evaluate(runner, runner.Epoch);
            runner.Model.Train();
        }

        _isFirstEpoch = false;
    }

    /// <inheritdoc/>
    public override void AfterTrainEpoch(Runner runner)
    {
        if (IsDue(runner.Epoch))
        {
            Evaluate(runner, runner.Epoch + 1);
        }
    }

    /// <summary>Whether the model is evaluated after an epoch.</summary>
    /// <param name="epoch">Epochs finished before it.</param>
    internal bool IsDue(int epoch) => options.Start is not { } start
        ? IsEvery(epoch, options.Interval)
        : epoch + 1 >= start && (epoch + 1 - start) % options.Interval == 0;

    private void Evaluate(Runner runner, int epoch)
    {
        var report = evaluate(runner);
        runner.Log.Info(report.Text);
        runner.LastEvaluation = report.Metrics;
        foreach (var (name, value) in report.Metrics)
        {
            runner.LogBuffer.SetOutput(name, value);
        }

        if (options.SaveBest is not null)
        {
            SaveBest(runner, report, epoch);
        }
    }

    private void SaveBest(Runner runner, EvaluationReport report, int epoch)
    {
        var name = Decisive(report);
        var score = (double)report.Metrics[name];
        if (!IsBetter(name, score))
        {
            return;
        }

        var old = runner.BestCheckpoint;
        var path = Path.Combine(runner.WorkFolder, $"best_{name}_epoch_{epoch}.pth");
        TrainingCheckpoint.Write(path, runner, saveOptimizer: true, KeyValuePair.Create("best_score", score));
        (_bestScore, runner.BestCheckpoint) = (score, path);
        if (old is not null && old != path && File.Exists(old))
        {
            File.Delete(old);
        }

        runner.Log.Info(string.Create(
            CultureInfo.InvariantCulture, $"Best so far: {name} {score:0.0000} at epoch {epoch}, saved as {path}"));
    }

    private string Decisive(EvaluationReport report)
    {
        var names = report.Metrics.Where(entry => entry.Value is double).Select(entry => entry.Key).ToList();
        var name = options.SaveBest == "auto" ? names.FirstOrDefault() : options.SaveBest;
        return name is not null && names.Contains(name) ? name : throw new TrainingException(
            $"evaluation.save_best: must be one of the evaluation's numbers ({string.Join(", ", names)}), got "
            + $"'{options.SaveBest}'. Choose one, or 'auto'.");
    }

    // A training that goes on must beat the best of before it was stopped. Several files are left where it was stopped
    // between writing one and deleting another, or where another number decided before: then that of the last one counts.
    private void FindEarlierBest(Runner runner)
    {
        if (options.SaveBest is null || runner.Iteration == 0)
        {
            return;
        }

        var decisive = options.SaveBest == "auto" ? "*" : options.SaveBest;
        List<string> paths =
        [
            .. new DirectoryInfo(runner.WorkFolder).EnumerateFiles($"best_{decisive}_epoch_*.pth")
                .OrderBy(file => file.LastWriteTimeUtc).Select(file => file.FullName),
        ];
        foreach (var path in paths.Where(path => NameIn(path) == NameIn(paths[^1])))
        {
            using var checkpoint = Checkpoint.Read(path);
            if (checkpoint.Meta.TryGet("best_score", out var score) && IsBetter(NameIn(path), score.AsDouble()))
            {
                (_bestScore, runner.BestCheckpoint) = (score.AsDouble(), path);
            }
        }
    }

    // best_bbox_mAP_epoch_12.pth -> bbox_mAP
    private static string NameIn(string path)
    {
        var file = Path.GetFileName(path);
        return file["best_".Length..file.LastIndexOf("_epoch_", StringComparison.Ordinal)];
    }

    private bool IsBetter(string name, double score) => !double.IsNaN(score) && (_bestScore is not { } best
        || (options.LessIsBetter ?? name.Contains("loss", StringComparison.Ordinal) ? score < best : score > best));
}
