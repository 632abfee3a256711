using System.CommandLine;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Analysis;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet analyze</c>: charts, images and tables about runs.</summary>
internal static class AnalyzeCommand
{
    internal static Command Create() => new("analyze", "Look into runs and data sets.")
    {
        Curves(),
        AnalyzeAnchorsCommand.Create(),
        Samples(),
        Positives(),
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

    private static Command Positives()
    {
        var (config, changes) = (Arguments.Config(), Arguments.ConfigOptions());
        var file = new Option<string>("--out") { Description = "The image file to write.", Required = true };
        var index = new Option<int>("--index") { Description = "Which image of the first epoch, from 0." };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "The weights, where the assignment depends on them." };
        var seed = new Option<int>("--seed") { Description = "The seed of the training." };
        var command = new Command("positives", "Draw which places of each level learn the objects of a training image.")
        {
            config, file, index, checkpoint, seed, changes,
        };
        command.SetAction(parsed =>
        {
            var counts = PositivesSheet.Write(
                Config.Load(parsed.GetRequiredValue(config), parsed.GetRequiredValue(changes)),
                new PositivesSheetOptions
                {
                    File = parsed.GetRequiredValue(file),
                    Index = parsed.GetValue(index),
                    Checkpoint = parsed.GetValue(checkpoint),
                    Seed = parsed.GetValue(seed),
                });
            for (var level = 0; level < counts.Count; level++)
            {
                Console.Out.WriteLine($"level {level}: {counts[level]} positive");
            }
        });
        return command;
    }

    private static Command Samples()
    {
        var (config, changes) = (Arguments.Config(), Arguments.ConfigOptions());
        var folder = new Option<string>("--out") { Description = "The folder to write to.", Required = true };
        var count = new Option<int>("--count") { Description = "How many images.", DefaultValueFactory = _ => 8 };
        var seed = new Option<int>("--seed") { Description = "The seed of the training." };
        var command = new Command("samples", "Draw what a model sees in training: augmented images with their boxes.")
        {
            config, folder, count, seed, changes,
        };
        command.SetAction(parsed =>
        {
            var files = TrainingSamples.Write(
                Config.Load(parsed.GetRequiredValue(config), parsed.GetRequiredValue(changes)),
                new TrainingSamplesOptions
                {
                    Folder = parsed.GetRequiredValue(folder),
                    Count = parsed.GetValue(count),
                    Seed = parsed.GetValue(seed),
                });
            foreach (var file in files)
            {
                Console.Out.WriteLine(file);
            }
        });
        return command;
    }
}
