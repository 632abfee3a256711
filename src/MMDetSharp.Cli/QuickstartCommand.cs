using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Data.Datasets.Shapes;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Testing;
using MMDetSharp.Engine.Training;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet quickstart</c>: draws a data set, trains on it, evaluates, and shows images.</summary>
internal static class QuickstartCommand
{
    private const string Recipe = "configs/quickstart/retinanet_r18_shapes.py";
    private const string Data = "work_dirs/shapes";
    private const int Images = 8;

    internal static Command Create()
    {
        var folder = new Option<string>("--work-dir")
        {
            Description = "The folder of checkpoints, logs and images.",
            DefaultValueFactory = _ => "work_dirs/quickstart",
        };
        var seed = new Option<int>("--seed") { Description = "Of the training.", DefaultValueFactory = _ => 0 };
        var options = Arguments.ConfigOptions();
        var command = new Command("quickstart", "Draw a small data set, train a detector on it, look at the result.")
        {
            folder, seed, options,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(folder), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(options)));
        return command;
    }

    private static int Run(string folder, int seed, string[] overrides)
    {
        if (Environment.GetEnvironmentVariable("MMDET_ROOT") is { Length: > 0 } root)
        {
            Directory.SetCurrentDirectory(root);
        }

        var started = Stopwatch.GetTimestamp();
        var progress = new ConsoleProgress();
        var shapes = new ShapesOptions();
        progress.Message($"1/4 Drawing {shapes.TrainImages} + {shapes.ValImages} images to {Data}");
        ShapesDataset.Write(Data, shapes);

        progress.Message($"2/4 Training {Recipe}");
        var config = Config.Load(Recipe, overrides);
        var trained = Train(config, new() { WorkFolder = folder, Seed = seed, Validate = false, Progress = progress });
        if (trained.IsInterrupted || trained.LastCheckpoint is not { } checkpoint)
        {
            return Interrupt.ExitCode;
        }

        progress.Message("3/4 Evaluating");
        using var tester = Tester.FromConfig(config, checkpoint, new() { Metrics = ["bbox"], Progress = progress });
        var report = tester.Run().Evaluate();
        Console.Out.WriteLine(report.Text);

        progress.Message("4/4 Painting");
        var images = Path.Combine(folder, "images");
        Paint(config, checkpoint, images);
        var curves = Path.Combine(folder, "curves.svg");
        TrainingCurves.Write(trained.JsonLog!, curves);
        Console.Out.WriteLine(Farewell(Stopwatch.GetElapsedTime(started), (checkpoint, images, curves)));
        return 0;
    }

    private static TrainingResult Train(Config config, TrainerOptions options)
    {
        using var interrupt = new Interrupt();
        using var trainer = Trainer.FromConfig(config, options);
        return trainer.Run(interrupt.Token);
    }

    private static void Paint(Config config, string checkpoint, string folder)
    {
        Directory.CreateDirectory(folder);
        using var detector = DetectorInferencer.Load(config, checkpoint);
        var painter = new DetectionPainter(detector.Classes, new() { Zoom = 4 });
        foreach (var file in ImageFiles.Find(Path.Combine(Data, "val")).Take(Images))
        {
            painter.Save(detector.Predict(file), Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private static string Farewell(TimeSpan time, (string Checkpoint, string Images, string Curves) files) =>
        string.Create(CultureInfo.InvariantCulture, $"""

            Done in {time.TotalSeconds:0} s.
              weights   {files.Checkpoint}
              images    {files.Images}
              curves    {files.Curves}
            Next, find shapes on an image of your choice:
              ./mmdet demo {Data}/val {Recipe} {files.Checkpoint} --out {Path.GetDirectoryName(files.Images)}/demo
            """);
}
