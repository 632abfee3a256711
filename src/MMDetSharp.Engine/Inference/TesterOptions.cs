using MMDetSharp.Engine.Training;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>How a <see cref="Tester"/> works: the options of <c>mmdet test</c>.</summary>
public sealed record TesterOptions
{
    /// <summary>Where to compute.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Whether the part that depends on pixels alone is compiled.</summary>
    public bool Compile { get; init; } = true;

    /// <summary>Images of one batch; null for the config's <c>data.test.samples_per_gpu</c>, which is 1 when left out.</summary>
    public int? BatchSize { get; init; }

    /// <summary>What to evaluate (<c>bbox</c>, <c>proposal</c>, <c>mAP</c> ...); none for the config's metrics.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Where people see how far it has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The folder for pictures with the found objects painted on them; null for none.</summary>
    public string? ShowFolder { get; init; }

    /// <summary>The least score of a painted object.</summary>
    public double ShowScoreThreshold { get; init; } = 0.3;

    /// <summary>Is given each image's result as soon as it is there, to be shown or painted; null for none.</summary>
    public Action<DetectionResult>? OnImage { get; init; }
}
