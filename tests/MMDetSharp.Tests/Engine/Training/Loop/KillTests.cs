using System.Diagnostics;
using System.Globalization;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Training;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Engine.Training.Loop;

/// <summary>A training process is killed at any moment; what it wrote is enough to go on as if nothing had happened.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Train_KilledInAnEpochAndResumed_EndsWithTheSameWeights()
    {
        using var blocks = new BlocksFolder();
        string[] overrides = ["total_epochs=24", "evaluation.interval=24"];
        Train(blocks, "whole", overrides);

        RunUntil(blocks, "killed", "epoch_3.pth", overrides, process => process.Kill());

        var latest = blocks.Under("killed/latest.pth");
        Assert.False(File.Exists(blocks.Under("killed/epoch_24.pth")), "The training ended before it was killed.");
        Train(blocks, "killed", overrides, latest);
        Assert.Equal(State(blocks.Under("whole/epoch_24.pth")), State(blocks.Under("killed/epoch_24.pth")));
        Assert.Empty(Directory.GetFiles(blocks.Under("whole"), ".*"));
    }

    [Fact]
    public void Train_InterruptedFromTheKeyboardAndResumed_EndsWithTheSameWeights()
    {
        using var blocks = new BlocksFolder();
        string[] overrides = ["total_epochs=24", "evaluation.interval=24", "checkpoint_config.interval=2"];
        Train(blocks, "whole", overrides);

        var errors = RunUntil(blocks, "stopped", "epoch_2.pth", overrides, process =>
        {
            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        });

        Assert.Contains("--resume-from", errors, StringComparison.Ordinal);
        var stopped = Assert.Single(Directory.GetFiles(blocks.Under("stopped"), "iter_*.pth"));
        Train(blocks, "stopped", overrides, stopped);
        Assert.Equal(State(blocks.Under("whole/epoch_24.pth")), State(blocks.Under("stopped/epoch_24.pth")));
    }

    private static void Train(BlocksFolder blocks, string folder, string[] overrides, string? resumeFrom = null)
    {
        using var trainer = Trainer.FromConfig(
            Config.Load(blocks.Config, overrides),
            new TrainerOptions { WorkFolder = blocks.Under(folder), Seed = 3, ResumeFrom = resumeFrom });
        trainer.Run();
    }

    // Not asynchronous: what follows an await waits for one of the few threads that all tests share.
    private static string RunUntil(
        BlocksFolder blocks, string folder, string checkpoint, string[] overrides, Action<Process> stop)
    {
        // A process that a script started in the background ignores the signal of the keyboard, and so do its children.
        var start = new ProcessStartInfo("env") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "mmdet.dll"), "train", blocks.Config,
            "--work-dir", blocks.Under(folder), "--seed", "3", "--cfg-options", .. overrides,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var errors = Task.Run(process.StandardError.ReadToEnd);
        var clock = Stopwatch.StartNew();
        while (!File.Exists(Path.Combine(blocks.Under(folder), checkpoint)))
        {
            Assert.True(!process.HasExited && clock.Elapsed < Patience, process.HasExited ? errors.Result : "Too slow.");
            Thread.Sleep(2);
        }

        stop(process);
        process.WaitForExit();
        return errors.Result;
    }

    private static Dictionary<string, byte[]> State(string path)
    {
        using var checkpoint = Checkpoint.Read(path);
        var state = checkpoint.State.ToDictionary(entry => entry.Key, entry => entry.Value.ToBytes());
        foreach (var (index, values) in checkpoint.Optimizer!["state"].AsDictionary())
        {
            foreach (var (name, value) in values.AsDictionary())
            {
                state[$"{index} {name}"] = value.AsTensor().ToBytes();
            }
        }

        return state;
    }
}
