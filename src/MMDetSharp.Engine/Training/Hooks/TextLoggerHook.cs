using System.Globalization;
using System.Text;

using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Writes the averages to the text log and, one JSON object a line, to <c>TIMESTAMP.log.json</c>.</summary>
internal sealed class TextLoggerHook(LoggerOptions options) : LoggerHook(options)
{
    private static readonly HashSet<string> InHead = ["mode", "epoch", "iter", "lr", "time", "data_time", "memory"];

    private double _seconds;
    private long _startIteration;

    /// <summary>From a hook of a config's <c>log_config</c>.</summary>
    /// <param name="reader">The hook's node.</param>
    /// <param name="interval">Iterations from line to line where the node does not say.</param>
    internal static TextLoggerHook FromConfig(ConfigReader reader, int interval)
    {
        reader.Ignore("type");
        return new(new LoggerOptions
        {
            Interval = reader.Positive("interval", interval),
            IgnoreLast = reader.Bool("ignore_last", true),
            ResetFlag = reader.Bool("reset_flag", false),
            ByEpoch = reader.Bool("by_epoch", true),
            ExperimentNameInterval = reader.Int("interval_exp_name", 1000),
        });
    }

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner)
    {
        base.BeforeRun(runner);
        _startIteration = runner.Iteration;
        if (runner.Meta.Count > 0)
        {
            Append(runner, runner.Meta.Select(entry => new KeyValuePair<string, object?>(entry.Key, entry.Value)));
        }
    }

    /// <inheritdoc/>
    protected override void Log(Runner runner)
    {
        var values = Collect(runner);
        var isTraining = Equals(values["mode"], "train");
        var eta = isTraining && values.TryGetValue("time", out var time) ? Eta(runner, (double)time) : (TimeSpan?)null;
        NameExperiment(runner);
        runner.Log.Record(Line(runner, values, eta));
        Append(runner, values.Select(entry => new KeyValuePair<string, object?>(entry.Key, entry.Value)));
        if (isTraining)
        {
            Show(runner, values, eta);
        }
        else
        {
            runner.Log.Progress.Message(ValLine(values));
        }
    }

    private OrderedDictionary<string, object> Collect(Runner runner)
    {
        var output = runner.LogBuffer.Output;
        var isTraining = runner.Mode == RunMode.Train;
        var values = new OrderedDictionary<string, object>
        {
            ["mode"] = isTraining && output.ContainsKey("time") ? "train" : "val",
            ["epoch"] = isTraining ? runner.Epoch + 1 : runner.Epoch,
            ["iter"] = Options.ByEpoch ? runner.InnerIteration + 1 : runner.Iteration + 1,
            ["lr"] = runner.Optimizer.Groups[0].LearningRate,
        };
        if (output.ContainsKey("time"))
        {
            values["memory"] = PeakMemory.Megabytes();
        }

        foreach (var (name, value) in output)
        {
            values[name] = value;
        }

        return values;
    }

    private TimeSpan Eta(Runner runner, double seconds)
    {
        _seconds += seconds * Options.Interval;
        var average = _seconds / (runner.Iteration - _startIteration + 1);
        return TimeSpan.FromSeconds(Math.Max(0, average * (runner.MaxIterations - runner.Iteration - 1)));
    }

    private void NameExperiment(Runner runner)
    {
        if (runner.Meta.TryGetValue("exp_name", out var name) && name is not null
            && (IsEvery(runner.Iteration, Options.ExperimentNameInterval) || (Options.ByEpoch && IsEndOfEpoch(runner))))
        {
            runner.Log.Record($"Exp name: {name}");
        }
    }

    // As the reference: Epoch [4][100/1000]\tlr: 2.000e-02, eta: 1:02:03, time: ..., data_time: ..., loss_cls: ...
    private string Line(Runner runner, OrderedDictionary<string, object> values, TimeSpan? eta)
    {
        var text = new StringBuilder();
        if (Equals(values["mode"], "train"))
        {
            text.Append(CultureInfo.InvariantCulture, $"{TrainHead(runner, values)}lr: {values["lr"]:0.000e+00}, ");
            if (eta is { } left)
            {
                text.Append(CultureInfo.InvariantCulture, $"eta: {LogText.Duration(left)}, time: {values["time"]:F3}, ")
                    .Append(CultureInfo.InvariantCulture, $"data_time: {values["data_time"]:F3}, ")
                    .Append(CultureInfo.InvariantCulture, $"memory: {values["memory"]}, ");
            }
        }
        else
        {
            text.Append(Options.ByEpoch
                ? $"Epoch({values["mode"]}) [{values["epoch"]}][{values["iter"]}]\t"
                : $"Iter({values["mode"]}) [{values["iter"]}]\t");
        }

        return text.Append(Items(values, ", ")).ToString();
    }

    private string TrainHead(Runner runner, OrderedDictionary<string, object> values) => Options.ByEpoch
        ? $"Epoch [{values["epoch"]}][{values["iter"]}/{runner.EpochLength}]\t"
        : $"Iter [{values["iter"]}/{runner.MaxIterations}]\t";

    private static string Items(OrderedDictionary<string, object> values, string between) => string.Join(
        between,
        values.Where(entry => !InHead.Contains(entry.Key)).Select(entry => $"{entry.Key}: {LogText.Value(entry.Value)}"));

    private static string ValLine(OrderedDictionary<string, object> values) =>
        $"val  epoch {values["epoch"]}  {Items(values, "  ")}";

    private static void Show(Runner runner, OrderedDictionary<string, object> values, TimeSpan? left) =>
        runner.Log.Progress.Update(runner.Report() with
        {
            Loss = values.TryGetValue("loss", out var loss) ? loss as double? : null,
            ImagesPerSecond = (double)values["time"] is > 0 and var time ? runner.ImagesPerIteration / time : 0,
            Left = left,
            IsLogged = true,
        });

    private static void Append(Runner runner, IEnumerable<KeyValuePair<string, object?>> values) =>
        File.AppendAllText(runner.JsonLogPath, LogText.Json(values) + "\n");
}
