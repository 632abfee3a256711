using System.CommandLine;

using MMDetSharp.Engine.Conversion;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet convert darknet</c> and <c>mmdet convert to-darknet</c>: Darknet's weights into checkpoints and back.</summary>
internal static class ConvertDarknetCommand
{
    internal static Command ToCheckpoint()
    {
        var cfg = new Argument<string>("MODEL.cfg") { Description = "Darknet's description of the network." };
        var weights = new Argument<string>("MODEL.weights") { Description = "Its weights." };
        var target = new Argument<string>("OUT.pth") { Description = "The checkpoint to write." };
        var config = new Option<string?>("--config")
        {
            Description = "A config of the same network, whose keys the checkpoint gets: configs/yolo/rr_*.py. Without it a " +
                "config is written beside the checkpoint.",
        };
        var names = Arguments.Names();
        var command = new Command("darknet", "Turn Darknet's cfg and weights into a checkpoint.")
        {
            cfg, weights, target, config, names,
        };
        command.SetAction(parsed => Report(DarknetConversion.ToCheckpoint(new()
        {
            Cfg = parsed.GetRequiredValue(cfg),
            Weights = parsed.GetRequiredValue(weights),
            Checkpoint = parsed.GetRequiredValue(target),
            Config = parsed.GetValue(config),
            Names = parsed.GetValue(names),
        })));
        return command;
    }

    internal static Command ToWeights()
    {
        var config = Arguments.ConfigOrModel();
        var checkpoint = new Argument<string>("CHECKPOINT") { Description = "Its weights." };
        var target = new Argument<string>("OUT.weights") { Description = "The file to write." };
        var command = new Command("to-darknet", "Turn a checkpoint into Darknet's weights.") { config, checkpoint, target };
        command.SetAction(parsed => Report(DarknetConversion.ToWeights(
            parsed.GetRequiredValue(config), parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(target))));
        return command;
    }

    private static void Report(DarknetConversionReport report)
    {
        Console.Out.WriteLine(
            $"{report.File}: {report.Numbers} numbers of a network that has seen {report.Seen} images");
        if (report.Config is { } config)
        {
            Console.Out.WriteLine($"{config}: its config");
        }
    }
}
