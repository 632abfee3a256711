using System.CommandLine;

namespace MMDetSharp.Cli;

/// <summary>Arguments and options that several verbs share, with the reference's names.</summary>
internal static class Arguments
{
    internal static Argument<string> Config() => new("CONFIG") { Description = "The config file." };

    internal static Argument<string> ConfigOrModel() => new("CONFIG")
    {
        Description = "The config file, or a model of another program: Darknet's .cfg, YOLOv5's .pt.",
    };

    internal static Argument<string?> Weights() => new("CHECKPOINT")
    {
        Description = "The weights: .pth, .safetensors or Darknet's .weights; none behind a .pt.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    internal static Option<string?> Names() => new("--names")
    {
        Description = "The class names of another program's model, one a line; by default a .names file beside it.",
    };

    internal static Option<string[]> ConfigOptions() => new("--cfg-options")
    {
        Description = "Values that replace the config's: model.bbox_head.num_classes=3 data.samples_per_gpu=4",
        HelpName = "a.b=v",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    internal static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        DefaultValueFactory = _ => "cpu",
    };

    internal static Option<bool> NoCompile() => new("--no-compile")
    {
        Description = "Run the network operation by operation instead of compiled.",
    };
}
