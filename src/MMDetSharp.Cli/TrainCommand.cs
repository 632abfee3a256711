using System.CommandLine;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Training;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet train</c>: trains a detector by its config.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var config = Arguments.Config();
        var folder = new Option<string?>("--work-dir") { Description = "The folder of checkpoints and logs." };
        var resume = new Option<string?>("--resume-from") { Description = "The checkpoint to go on from." };
        var noValidate = new Option<bool>("--no-validate") { Description = "Do not evaluate while training." };
        var seed = new Option<int?>("--seed") { Description = "All random draws follow from it." };
        var deterministic = new Option<bool>("--deterministic") { Description = "Use only repeatable operations." };
        var device = Arguments.Device();
        var noCompile = Arguments.NoCompile();
        var options = Arguments.ConfigOptions();
        var command = new Command("train", "Train a detector.")
        {
            config, folder, resume, noValidate, seed, deterministic, device, noCompile, options,
        };
        command.SetAction(parsed =>
        {
            var trainer = new TrainerOptions
            {
                WorkFolder = parsed.GetValue(folder),
                ResumeFrom = parsed.GetValue(resume),
                Validate = !parsed.GetValue(noValidate),
                Seed = parsed.GetValue(seed),
                Deterministic = parsed.GetValue(deterministic),
                Device = Device.Parse(parsed.GetRequiredValue(device)),
                Compile = !parsed.GetValue(noCompile),
                Progress = new ConsoleProgress(),
                ResumeCommand = checkpoint => ResumeText.Of([.. parsed.Tokens.Select(token => token.Value)], checkpoint),
            };
            return Run(Config.Load(parsed.GetRequiredValue(config), parsed.GetRequiredValue(options)), trainer);
        });
        return command;
    }

    private static int Run(Config config, TrainerOptions options)
    {
        using var interrupt = new Interrupt();
        using var trainer = Trainer.FromConfig(config, options);
        var result = trainer.Run(interrupt.Token);
        if (result.LastCheckpoint is { } checkpoint)
        {
            Console.Out.WriteLine(checkpoint);
        }

        return result.IsInterrupted ? Interrupt.ExitCode : 0;
    }
}
