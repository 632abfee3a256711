using System.CommandLine;

using MMDetSharp.Engine.Conversion;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet convert</c>: files of other programs into ours.</summary>
internal static class ConvertCommand
{
    internal static Command Create() => new("convert", "Convert annotations and weights.")
    {
        Voc2Coco(),
        ConvertDarknetCommand.ToCheckpoint(),
        ConvertDarknetCommand.ToWeights(),
        YoloV5(),
    };

    private static Command YoloV5()
    {
        var model = new Argument<string>("MODEL.pt") { Description = "A model of YOLOv5, v3.0 to v7.0." };
        var target = new Argument<string>("OUT.pth") { Description = "The checkpoint to write; OUT.py is its config." };
        var command = new Command("yolov5", "Turn a YOLOv5 .pt file into a checkpoint and its config.") { model, target };
        command.SetAction(parsed =>
        {
            var report = YoloV5Conversion.Convert(parsed.GetRequiredValue(model), parsed.GetRequiredValue(target));
            Console.Out.WriteLine(
                $"{report.Checkpoint}, {report.Config}: {report.ParameterCount} parameters, {report.Classes.Count} classes");
        });
        return command;
    }

    private static Command Voc2Coco()
    {
        var root = new Argument<string>("VOC_ROOT") { Description = "The folder with Annotations and ImageSets." };
        var split = new Option<string>("--split") { Description = "The list in ImageSets/Main.", Required = true };
        var target = new Option<string>("--out") { Description = "The JSON file to write.", Required = true };
        var classes = new Option<string[]>("--classes")
        {
            Description = "Class names in the order of their ids; by default VOC's 20, or those found.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var command = new Command("voc2coco", "Turn VOC annotations into one COCO file.") { root, split, target, classes };
        command.SetAction(parsed =>
        {
            var options = new VocToCocoOptions
            {
                Root = parsed.GetRequiredValue(root),
                Split = parsed.GetRequiredValue(split),
                Output = parsed.GetRequiredValue(target),
                Classes = parsed.GetRequiredValue(classes),
            };
            var report = VocToCoco.Convert(options);
            foreach (var warning in report.Warnings)
            {
                Console.Error.WriteLine($"mmdet: {warning}");
            }

            var counts = report.Classes.Select(entry => $"{entry.Boxes} {entry.Name}");
            Console.Out.WriteLine(
                $"{options.Output}: {report.Annotations.Images.Count} images, {report.Annotations.AnnotationCount} " +
                $"boxes: {string.Join(", ", counts)}");
        });
        return command;
    }
}
