using System.Text.Json;

using MMDetSharp.Engine.Visualization;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Engine.Analysis;

/// <summary>Draws what a training run logged: losses, learning rate, and the evaluation's results.</summary>
public static class TrainingCurves
{
    private static readonly string[] s_metrics = ["bbox_mAP", "bbox_mAP_50", "bbox_mAP_75", "mAP", "AR@100"];

    /// <summary>Draws losses, learning rate and AP over the iterations as one SVG file.</summary>
    /// <param name="log">The run's <c>.log.json</c>.</param>
    /// <param name="target">The SVG file; overwritten.</param>
    /// <exception cref="InvalidDataException">The log is missing, is no such log, or holds no training line.</exception>
    public static void Write(string log, string target)
    {
        var svg = SvgChart.Render(Panels(log), "epoch");
        AtomicFile.Write(target, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(svg)));
    }

    /// <summary>The panels of a log: losses, learning rate, results.</summary>
    /// <inheritdoc cref="Write"/>
    public static IReadOnlyList<ChartPanel> Panels(string log)
    {
        var lines = Read(log);
        var train = lines.Where(line => Mode(line) == "train").ToList();
        if (train.Count == 0)
        {
            throw new InvalidDataException(
                $"{log}: there must be at least one line of mode train, there is none. Name the .log.json of a run " +
                "that has logged; log_config.interval says how often it does.");
        }

        var perEpoch = train.Max(line => Number(line, "iter"));
        double Epoch(JsonElement line) => Number(line, "epoch") - 1 + (Number(line, "iter") / perEpoch);
        var losses = train[^1].EnumerateObject().Select(field => field.Name)
            .Where(name => name.Contains("loss", StringComparison.Ordinal)).ToList();
        var panels = new List<ChartPanel>
        {
            new("Losses", "loss", [.. losses.Select(name => Series(name, train, Epoch))]) { Smooth = true },
            new("Learning rate", "lr", [Series("lr", train, Epoch)]),
        };
        var val = lines.Where(line => Mode(line) == "val").ToList();
        var metrics = s_metrics.Where(name => val.Any(line => line.TryGetProperty(name, out _))).ToList();
        if (metrics.Count > 0)
        {
            panels.Add(new("Evaluation", "mAP", [
                .. metrics.Select(name => Series(name, val, line => Number(line, "epoch")))]));
        }

        return panels;
    }

    private static List<JsonElement> Read(string log)
    {
        if (!File.Exists(log))
        {
            throw new InvalidDataException($"{log}: the log must exist, it does not. Name the .log.json in the work folder.");
        }

        var lines = new List<JsonElement>();
        var number = 0;
        foreach (var text in File.ReadLines(log))
        {
            number++;
            try
            {
                using var line = JsonDocument.Parse(text);
                lines.Add(line.RootElement.Clone());
            }
            catch (JsonException)
            {
                // The last line of a run that was killed may be cut.
                Console.Error.WriteLine($"{log}:{number}: this line is no JSON and is left out.");
            }
        }

        return lines;
    }

    private static ChartSeries Series(string name, List<JsonElement> lines, Func<JsonElement, double> x)
    {
        var having = lines.Where(line => line.TryGetProperty(name, out _)).ToList();
        return new(name, [.. having.Select(x)], [.. having.Select(line => Number(line, name))]);
    }

    private static string? Mode(JsonElement line) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty("mode", out var mode) ? mode.GetString() : null;

    private static double Number(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) ? double.NaN : value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.Array when value.GetArrayLength() > 0 => value[0].GetDouble(),
            _ => double.NaN,
        };
}
