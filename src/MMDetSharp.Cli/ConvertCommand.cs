using System.CommandLine;

using MMDetSharp.Engine.Conversion;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet convert</c>: files of other programs into ours.</summary>
internal static class ConvertCommand
{
    internal static Command Create() => new("convert", "Convert annotations and weights.") { Voc2Coco() };

    private static Command Voc2Coco()
    {
        var root = new Argument<string>("VOC_ROOT") { Description = "The folder with Annotations and ImageSets." };
        var split = new Option<string>("--split") { Description = "The list in ImageSets/Main.", Required = true };
        var target = new Option<string>("--out") { Description = "The JSON file to write.", Required = true };
        var classes = new Option<string[]>("--classes")
        {
            Description = "Class names in the order of their ids; by default those found, in alphabetical order.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var command = new Command("voc2coco", "Turn VOC annotations into one COCO file.") { root, split, target, classes };
        command.SetAction(parsed =>
        {
            var names = parsed.GetRequiredValue(classes);
            var options = new VocToCocoOptions
            {
                Root = parsed.GetRequiredValue(root),
                Split = parsed.GetRequiredValue(split),
                Classes = names.Length > 0 ? names : null,
            };
            var path = parsed.GetRequiredValue(target);
            var result = VocToCoco.Convert(options);
            result.Save(path);
            Console.Out.WriteLine(
                $"{path}: {result.Images.Count} images, {result.AnnotationCount} boxes, " +
                $"{result.Categories.Count} classes ({string.Join(", ", result.Categories.Select(c => c.Name))})");
        });
        return command;
    }
}
