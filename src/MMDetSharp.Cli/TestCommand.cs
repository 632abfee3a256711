using System.CommandLine;

using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Testing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet test</c>: runs a detector over a test set, evaluates, writes and shows what it found.</summary>
internal static class TestCommand
{
    private static readonly Option<string[]> s_eval = new("--eval")
    {
        Description = "What to evaluate: bbox, proposal, proposal_fast, mAP.",
        HelpName = "metric",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> s_evalOptions = new("--eval-options")
    {
        Description = "Options of the evaluation: classwise=True iou_thrs=[0.5,0.75]",
        HelpName = "k=v",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Write what was found to a JSON file in COCO's result format.",
    };

    private static readonly Option<bool> s_formatOnly = new("--format-only")
    {
        Description = "Only write the result file (results.json where --out names none); do not evaluate.",
    };

    private static readonly Option<bool> s_show = new("--show") { Description = "Show images in a window." };

    private static readonly Option<string?> s_showFolder = new("--show-dir")
    {
        Description = "Write the images with what was found to a folder.",
    };

    private static readonly Option<double> s_showThreshold = new("--show-score-thr")
    {
        Description = "The lowest score that is shown.",
        DefaultValueFactory = _ => 0.3,
    };

    private static readonly Option<string?> s_annotations = new("--ann")
    {
        Description = "The annotations to test on, in COCO's format, instead of the config's.",
    };

    private static readonly Option<string?> s_images = new("--images")
    {
        Description = "The folder of their images.",
    };

    private static readonly Option<string?> s_names = Arguments.Names();

    private static readonly Option<bool> s_rectangular = new("--rect")
    {
        Description = "Test a YOLOv5 .pt on rectangular batches of 32 images, as its val.py; else each image by itself.",
    };

    internal static Command Create()
    {
        var config = Arguments.ConfigOrModel();
        var checkpoint = Arguments.Weights();
        var device = Arguments.Device();
        var noCompile = Arguments.NoCompile();
        var options = Arguments.ConfigOptions();
        var command = new Command("test", "Test a detector.")
        {
            config, checkpoint, s_annotations, s_images, s_names, s_rectangular, s_eval, s_out, s_formatOnly, s_show, s_showFolder,
            s_showThreshold, s_evalOptions, device, noCompile, options,
        };
        command.SetAction(parsed =>
        {
            var model = parsed.GetRequiredValue(config);
            Check(parsed, model);
            var weights = ForeignModel.Weights(model, parsed.GetValue(checkpoint));
            var overrides = parsed.GetRequiredValue(options)
                .Concat(parsed.GetRequiredValue(s_evalOptions).Select(option => $"evaluation.{option}"));
            using var painted = new PaintedFolder(parsed.GetValue(s_showFolder), parsed.GetValue(s_showThreshold));
            var how = new TesterOptions
            {
                Device = Device.Parse(parsed.GetRequiredValue(device)),
                Compile = !parsed.GetValue(noCompile),
                Metrics = parsed.GetRequiredValue(s_eval),
                Progress = new ConsoleProgress(),
                OnImage = painted.IsWanted ? painted.Add : null,
            };
            var settings = ForeignModel.LoadConfig(model, Foreign(parsed), overrides);
            using var interrupt = new Interrupt();
            using var tester = Tester.FromConfig(settings, weights, how);
            painted.Classes = tester.Classes;
            Report(parsed, tester.Run(interrupt.Token), evaluate: how.Metrics.Count > 0);
        });
        return command;
    }

    private static ForeignModelOptions Foreign(ParseResult parsed) => new()
    {
        Annotations = parsed.GetValue(s_annotations),
        Images = parsed.GetValue(s_images),
        Names = parsed.GetValue(s_names),
        ForEvaluation = true,
        Rectangular = parsed.GetValue(s_rectangular),
    };

    private static void Check(ParseResult parsed, string model)
    {
        CheckModel(parsed, model);
        var evaluates = parsed.GetRequiredValue(s_eval).Length > 0;
        if (parsed.GetValue(s_show))
        {
            throw new UsageException(
                "--show needs a window, and this build shows none. Use --show-dir FOLDER: it writes the images there.");
        }

        if (evaluates && parsed.GetValue(s_formatOnly))
        {
            throw new UsageException("--eval and --format-only exclude each other. Choose one.");
        }

        if (!evaluates && !parsed.GetValue(s_formatOnly) && parsed.GetValue(s_out) is null
            && parsed.GetValue(s_showFolder) is null)
        {
            throw new UsageException(
                "There must be something to do with the results: --eval bbox, --out FILE, --format-only or --show-dir " +
                "FOLDER. Name at least one.");
        }
    }

    private static void CheckModel(ParseResult parsed, string model)
    {
        if (ForeignModel.IsForeign(model) && parsed.GetValue(s_annotations) is null)
        {
            throw new UsageException(
                $"{model} names no test set. Name one: --ann COCO.json --images DIR.");
        }

        if (parsed.GetValue(s_rectangular) && !model.EndsWith(".pt", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"--rect is for YOLOv5's .pt files, got {model}. In a config, set data.test.batch_shapes_cfg.");
        }
    }

    private static void Report(ParseResult parsed, TestResult result, bool evaluate)
    {
        if ((parsed.GetValue(s_out) ?? (parsed.GetValue(s_formatOnly) ? "results.json" : null)) is { } path)
        {
            result.Save(path);
            Console.Error.WriteLine($"{path}: what was found, in COCO's result format");
        }

        if (evaluate)
        {
            Console.Out.WriteLine(result.Evaluate().Text);
        }
    }
}
