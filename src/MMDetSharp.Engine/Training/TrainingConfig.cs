using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training;

/// <summary>The parts of a config that the engine itself reads.</summary>
internal sealed class TrainingConfig(Config config)
{
    private DataConfig? _data;

    /// <summary>The path of the config file.</summary>
    internal string Path => config.Path;

    /// <summary>Reads the keys of the top level: model, data, lr_config ...</summary>
    internal ConfigReader Root { get; } = new(config.Root);

    /// <summary>The node <c>data</c>.</summary>
    internal DataConfig Data => _data ??= new DataConfig(Root.Node("data"));

    /// <summary>Epochs of the whole training.</summary>
    internal int MaxEpochs => Runner()?.Int("max_epochs") ?? Root.Int("total_epochs");

    /// <summary>What the config asks for and does not get here; refuses unknown keys of <c>data</c>.</summary>
    internal IEnumerable<string> Warnings()
    {
        Data.Done();
        if (Root.Has("fp16"))
        {
            yield return "fp16 is not available here: training computes in 32 bits.";
        }
    }

    /// <summary>The phases: train or val, and for how many epochs.</summary>
    internal IReadOnlyList<(RunMode Mode, int Epochs)> Workflow()
    {
        if (Root.RawOrNull("workflow") is not { } value)
        {
            return [(RunMode.Train, 1)];
        }

        return value is ConfigSequence { Count: > 0 } phases
            ? [.. phases.Select(Phase)]
            : throw Root.Error("workflow", "must be a list of phases. Write [('train', 1)].");
    }

    private (RunMode Mode, int Epochs) Phase(ConfigValue value) => value switch
    {
        ConfigSequence { Count: 2 } pair when pair[1] is ConfigScalar { Content: long and > 0 and var epochs }
            && pair[0] is ConfigScalar { Content: "train" or "val" } mode =>
            ((string)mode.Content! == "train" ? RunMode.Train : RunMode.Val, (int)epochs),
        _ => throw Root.Error("workflow", $"must hold ('train', N) and ('val', N), found {value}. Correct it."),
    };

    private ConfigReader? Runner()
    {
        var runner = Root.NodeOrNull("runner");
        return runner is null || runner.String("type", "EpochBasedRunner") == "EpochBasedRunner"
            ? runner
            : throw runner.Error("type", "must be EpochBasedRunner: training goes by epochs here. Set total_epochs instead.");
    }
}
