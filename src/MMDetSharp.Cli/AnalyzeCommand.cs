using System.CommandLine;

using MMDetSharp.Engine.Analysis;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet analyze</c>: pictures and tables about runs.</summary>
internal static class AnalyzeCommand
{
    internal static Command Create() => new("analyze", "Look into runs and data sets.")
    {
        Curves(),
        AnalyzeAnchorsCommand.Create(),
    };

    private static Command Curves()
    {
        var log = new Argument<string>("LOG") { Description = "The .log.json of a training run." };
        var target = new Option<string?>("--out") { Description = "The SVG file to write; beside the log by default." };
        var command = new Command("curves", "Draw losses, learning rate and results of a run.") { log, target };
        command.SetAction(parsed =>
        {
            var source = parsed.GetRequiredValue(log);
            var path = parsed.GetValue(target) ?? Path.ChangeExtension(source, ".svg");
            TrainingCurves.Write(source, path);
            Console.Out.WriteLine(path);
        });
        return command;
    }
}
