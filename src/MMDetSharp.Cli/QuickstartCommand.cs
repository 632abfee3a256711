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
    private const string Data = "work_dirs/shapes";
    private const string Zoo = "docs/model_zoo.md";
    private const int Images = 8;
    private const int SizeHeight = 800;
    private const int SizeWidth = 1216;

    internal static Command Create()
    {
        var folder = new Option<string>("--work-dir")
        {
            Description = "The folder of checkpoints, logs and images.",
            DefaultValueFactory = _ => "work_dirs/quickstart",
        };
        var seed = new Option<int>("--seed") { Description = "Of the training.", DefaultValueFactory = _ => 0 };
        var name = new Option<string?>("--model")
        {
            Description = $"The detector: {string.Join(", ", ModelZoo.Models.Select(model => model.Name))}. RetinaNet by default.",
        };
        var all = new Option<bool>("--all") { Description = $"Every detector, one after the other; their table goes to {Zoo}." };
        var options = Arguments.ConfigOptions();
        var command = new Command("quickstart", "Draw a small data set, train a detector on it, look at the result.")
        {
            folder, seed, name, all, options,
        };
        command.SetAction(parsed => Run(
            Models(parsed.GetValue(name), parsed.GetValue(all)),
            new(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(options))));
        return command;
    }

    private static IReadOnlyList<ZooModel> Models(string? name, bool all)
    {
        if (all)
        {
            return name is null
                ? ModelZoo.Models
                : throw new UsageException("--model and --all exclude each other. Choose one.");
        }

        var found = ModelZoo.Models.FirstOrDefault(model => model.Name == (name ?? ModelZoo.Models[0].Name));
        return found is not null
            ? [found]
            : throw new UsageException(
                $"--model must be one of {string.Join(", ", ModelZoo.Models.Select(model => model.Name))}, got '{name}'.");
    }

    private static int Run(IReadOnlyList<ZooModel> models, Settings settings)
    {
        if (Environment.GetEnvironmentVariable("MMDET_ROOT") is { Length: > 0 } root)
        {
            Directory.SetCurrentDirectory(root);
        }

        var progress = new ConsoleProgress();
        var shapes = new ShapesOptions();
        progress.Message($"Drawing {shapes.TrainImages} + {shapes.ValImages} images to {Data}");
        ShapesDataset.Write(Data, shapes);
        var results = new List<ZooResult>();
        foreach (var model in models)
        {
            var folder = models.Count == 1 ? settings.Folder : Path.Combine(settings.Folder, model.Name);
            if (RunOne(model, settings with { Folder = folder }, progress) is not { } result)
            {
                return Interrupt.ExitCode;
            }

            results.Add(result);
        }

        Console.Out.WriteLine(ModelZoo.Table(results));
        if (results.Count > 1)
        {
            File.WriteAllText(Zoo, ModelZoo.Page(results, settings.Seed, Environment.ProcessorCount));
        }

        return 0;
    }

    // Null when it was interrupted.
    private static ZooResult? RunOne(ZooModel model, Settings settings, ConsoleProgress progress)
    {
        var started = Stopwatch.GetTimestamp();
        progress.Message($"1/3 Training {model.Recipe}");
        var config = Config.Load(model.Recipe, settings.Overrides);
        var trained = Train(
            config, new() { WorkFolder = settings.Folder, Seed = settings.Seed, Validate = false, Progress = progress });
        if (trained.IsInterrupted || trained.LastCheckpoint is not { } checkpoint)
        {
            return null;
        }

        var training = Stopwatch.GetElapsedTime(started);
        progress.Message("2/3 Evaluating");
        using var tester = Tester.FromConfig(config, checkpoint, new() { Metrics = ["bbox"], Progress = progress });
        var report = tester.Run().Evaluate();
        Console.Out.WriteLine(report.Text);

        progress.Message("3/3 Painting");
        var images = Path.Combine(settings.Folder, "images");
        Paint(config, checkpoint, images);
        var curves = Path.Combine(settings.Folder, "curves.svg");
        TrainingCurves.Write(trained.JsonLog!, curves);
        Console.Out.WriteLine(Farewell(Stopwatch.GetElapsedTime(started), model, (checkpoint, images, curves)));
        return new(
            model, Metric("bbox_mAP"), Metric("bbox_mAP_50"), Metric("bbox_mAP_75"),
            training.TotalSeconds / Math.Max(trained.Epochs, 1), DetectorSize.Measure(config, SizeHeight, SizeWidth));

        double Metric(string key) => (double)report.Metrics[key];
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

    private static string Farewell(TimeSpan time, ZooModel model, (string Checkpoint, string Images, string Curves) files) =>
        string.Create(CultureInfo.InvariantCulture, $"""

            Done in {time.TotalSeconds:0} s.
              weights   {files.Checkpoint}
              images    {files.Images}
              curves    {files.Curves}
            Next, find shapes on an image of your choice:
              ./mmdet demo {Data}/val {model.Recipe} {files.Checkpoint} --out {Path.GetDirectoryName(files.Images)}/demo
            """);

    private sealed record Settings(string Folder, int Seed, string[] Overrides);
}
