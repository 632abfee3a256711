using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

/// <summary>A small data set and a model that <c>mmdet train</c> made of it.</summary>
public sealed class TrainedCommand : IDisposable
{
    public TrainedCommand() => Result = MmdetProcess.Run(
        "train", Blocks.Config, "--work-dir", Blocks.Under("work"), "--seed", "3", "--no-validate", "--cfg-options",
        "total_epochs=8", "checkpoint_config.interval=8").Succeeded();

    /// <summary>The data set and the config.</summary>
    internal BlocksFolder Blocks { get; } = new();

    /// <summary>How the training command ended.</summary>
    internal MmdetResult Result { get; }

    /// <summary>The trained weights.</summary>
    internal string Checkpoint => Blocks.Under("work/latest.pth");

    public void Dispose() => Blocks.Dispose();
}
