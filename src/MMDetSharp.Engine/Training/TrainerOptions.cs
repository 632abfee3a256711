using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training;

/// <summary>What a training is told besides its config: the options of <c>mmdet train</c>.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder of checkpoints and logs; null for the config's <c>work_dir</c>, or <c>work_dirs/CONFIG</c>.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>The checkpoint to go on from; null for the config's <c>resume_from</c>, which is usually none.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Whether the model is evaluated after epochs.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>All random draws follow from it; null for the config's, the resumed checkpoint's, or a new one.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether only operations that always give the same bits are used; the processor's always do.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Where to compute.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Whether evaluation runs compiled.</summary>
    public bool Compile { get; init; } = true;

    /// <summary>Where people see how far the training has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The command that goes on with an interrupted training, given the checkpoint; null for the usual one.</summary>
    public Func<string, string>? ResumeCommand { get; init; }
}
