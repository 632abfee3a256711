using System.CommandLine;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet demo</c>: finds objects on images, paints them, writes them as JSON.</summary>
internal static class DemoCommand
{
    private const double DefaultThreshold = 0.3;

    internal static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "A file, a folder or a pattern such as 'in/*.jpg'." };
        var config = Arguments.ConfigOrModel();
        var checkpoint = Arguments.Weights();
        var names = Arguments.Names();
        var target = new Option<string?>("--out")
        {
            Description = "The image to write; a folder where IMAGE means several. NAME.found.jpg by default.",
        };
        var json = new Option<string?>("--json") { Description = "Write what was found as JSON." };
        var threshold = new Option<double?>("--score-thr")
        {
            Description = "The lowest score that counts: 0.3 by default, or that of the model's own program.",
        };
        var device = Arguments.Device();
        var noCompile = Arguments.NoCompile();
        var options = Arguments.ConfigOptions();
        var command = new Command("demo", "Find objects on images.")
        {
            image, config, checkpoint, target, json, threshold, names, device, noCompile, options,
        };
        command.SetAction(parsed =>
        {
            var files = ImageFiles.Find(parsed.GetRequiredValue(image));
            var targets = ImageFiles.Targets(files, parsed.GetValue(target));
            var model = parsed.GetRequiredValue(config);
            var weights = ForeignModel.Weights(model, parsed.GetValue(checkpoint));
            var how = new InferencerOptions
            {
                Device = Device.Parse(parsed.GetRequiredValue(device)),
                Compile = !parsed.GetValue(noCompile),
                ScoreThreshold = parsed.GetValue(threshold) ?? (ForeignModel.IsForeign(model) ? 0 : DefaultThreshold),
            };
            var foreign = new ForeignModelOptions
            {
                Names = parsed.GetValue(names),
                ScoreThreshold = parsed.GetValue(threshold),
            };
            var settings = ForeignModel.LoadConfig(model, foreign, parsed.GetRequiredValue(options));
            using var detector = DetectorInferencer.Load(settings, weights, how);
            var results = files.Zip(targets, (file, path) => Show(detector, file, path)).ToList();
            if (parsed.GetValue(json) is { } path)
            {
                DetectionJson.Save(path, results);
                Console.Error.WriteLine($"{path}: what was found, as JSON");
            }
        });
        return command;
    }

    private static ImageDetections Show(DetectorInferencer detector, string file, string target)
    {
        using var image = ImageFile.Read(file);
        var result = detector.Predict(image, file);
        var painter = new DetectionPainter(detector.Classes, new() { ScoreThreshold = 0 });
        using var painted = painter.Paint(image, result);
        ImageFile.Write(painted, target);
        Console.Out.WriteLine($"{target}: {Summary(result)}");
        return result;
    }

    private static string Summary(ImageDetections result)
    {
        var counts = result.Objects.GroupBy(found => found.ClassName).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {group.Key}").ToList();
        return counts.Count > 0 ? string.Join(", ", counts) : "nothing found";
    }
}
