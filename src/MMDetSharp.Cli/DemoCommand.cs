using System.CommandLine;

using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet demo</c>: finds objects on pictures, paints them, writes them as JSON.</summary>
internal static class DemoCommand
{
    internal static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "A file, a folder or a pattern such as 'in/*.jpg'." };
        var config = Arguments.Config();
        var checkpoint = Arguments.Checkpoint();
        var target = new Option<string?>("--out")
        {
            Description = "The picture to write; a folder where IMAGE means several. NAME.found.jpg by default.",
        };
        var json = new Option<string?>("--json") { Description = "Write what was found as JSON." };
        var threshold = new Option<double>("--score-thr")
        {
            Description = "The lowest score that counts.",
            DefaultValueFactory = _ => 0.3,
        };
        var device = Arguments.Device();
        var noCompile = Arguments.NoCompile();
        var options = Arguments.ConfigOptions();
        var command = new Command("demo", "Find objects on pictures.")
        {
            image, config, checkpoint, target, json, threshold, device, noCompile, options,
        };
        command.SetAction(parsed =>
        {
            var files = PictureFiles.Find(parsed.GetRequiredValue(image));
            var targets = PictureFiles.Targets(files, parsed.GetValue(target));
            var how = new InferencerOptions
            {
                Device = Device.Parse(parsed.GetRequiredValue(device)),
                Compile = !parsed.GetValue(noCompile),
                ScoreThreshold = parsed.GetValue(threshold),
            };
            var settings = Core.Configs.Config.Load(parsed.GetRequiredValue(config), parsed.GetRequiredValue(options));
            using var detector = DetectorInferencer.Load(settings, parsed.GetRequiredValue(checkpoint), how);
            var results = files.Zip(targets, (file, path) => Show(detector, file, path)).ToList();
            if (parsed.GetValue(json) is { } path)
            {
                DetectionJson.Save(path, results);
                Console.Error.WriteLine($"{path}: what was found, as JSON");
            }
        });
        return command;
    }

    private static DetectionResult Show(DetectorInferencer detector, string file, string target)
    {
        using var image = ImageFile.Read(file);
        var result = detector.Predict(image, file);
        var painter = new DetectionPainter(detector.Classes, new() { ScoreThreshold = 0 });
        Painting.Write(image, result, painter, target);
        Console.Out.WriteLine($"{target}: {Summary(result)}");
        return result;
    }

    private static string Summary(DetectionResult result)
    {
        var counts = result.Objects.GroupBy(found => found.ClassName).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {group.Key}").ToList();
        return counts.Count > 0 ? string.Join(", ", counts) : "nothing found";
    }
}
