using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>YOLOv5's learning rate and momentum; names are those of its hyper-parameter files.</summary>
internal sealed record YoloV5ScheduleOptions
{
    /// <summary>The last epoch's part of the learning rate: <c>lrf</c>.</summary>
    internal double FinalFactor { get; init; } = 0.01;

    /// <summary>Whether the rate falls along half a cosine, or else along a line.</summary>
    internal bool IsCosine { get; init; }

    /// <summary>Epochs of warm-up; 0 for none.</summary>
    internal double WarmupEpochs { get; init; } = 3;

    /// <summary>The least number of iterations of warm-up: 100 since v7.0, 1000 before.</summary>
    internal int WarmupIterations { get; init; } = 100;

    /// <summary>Where the learning rate of biases comes down from.</summary>
    internal double WarmupBiasRate { get; init; } = 0.1;

    /// <summary>Where the momentum comes up from.</summary>
    internal double WarmupMomentum { get; init; } = 0.8;

    /// <summary>The warm-up of a config's node; all else as by default.</summary>
    internal static YoloV5ScheduleOptions Warmup(ConfigReader reader)
    {
        var standard = new YoloV5ScheduleOptions();
        return standard with
        {
            WarmupEpochs = reader.Float("warmup_epochs", standard.WarmupEpochs),
            WarmupIterations = reader.Int("warmup_min_iters", standard.WarmupIterations),
        };
    }

    /// <summary>The iterations of warm-up.</summary>
    /// <param name="epochLength">Iterations of an epoch.</param>
    internal long Length(int epochLength) => WarmupEpochs <= 0
        ? 0
        : Math.Max((long)Math.Round(WarmupEpochs * epochLength), WarmupIterations);
}

/// <summary>
/// Sets learning rate and momentum as YOLOv5's train.py: the rate falls from epoch to epoch; in the first iterations it
/// comes up from 0 for weights, and down from a large value for biases, which find the few objects among many places
/// first; the momentum comes up too.
/// </summary>
internal sealed class YoloV5ScheduleHook(YoloV5ScheduleOptions options) : Hook
{
    private const string Policy = "YOLOv5";

    /// <summary>Whether a config's <c>lr_config</c> asks for this schedule.</summary>
    internal static bool IsAskedFor(ConfigReader reader) =>
        reader.StringOrNull("policy") == Policy || reader.StringOrNull("type") == Policy + "LrUpdaterHook";

    /// <summary>From a config's <c>lr_config</c>.</summary>
    internal static YoloV5ScheduleHook FromConfig(ConfigReader reader)
    {
        reader.Ignore("policy", "type");
        var standard = new YoloV5ScheduleOptions();
        return new(YoloV5ScheduleOptions.Warmup(reader) with
        {
            FinalFactor = reader.Float("lr_factor", standard.FinalFactor),
            IsCosine = reader.ChoiceOr("scheduler", "linear", "linear", "cosine") == "cosine",
            WarmupBiasRate = reader.Float("warmup_bias_lr", standard.WarmupBiasRate),
            WarmupMomentum = reader.Float("warmup_momentum", standard.WarmupMomentum),
        });
    }

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner)
    {
        if (options.WarmupEpochs > 0 && !runner.Optimizer.Groups.Any(IsOfBiases))
        {
            runner.Log.Warn(
                "lr_config: the warm-up of biases needs a group of its own for each parameter, and there are none. Write "
                + "paramwise_cfg=dict(norm_decay_mult=0, bias_decay_mult=0) in the optimizer.");
        }
    }

    /// <inheritdoc/>
    public override void BeforeTrainIteration(Runner runner)
    {
        var (iteration, end) = (runner.Iteration, options.Length(runner.EpochLength));
        var factor = Factor(runner.Epoch, runner.MaxEpochs);
        foreach (var group in runner.Optimizer.Groups)
        {
            var (rate, momentum) = (group.InitialLearningRate * factor, group.InitialMomentum);
            var start = IsOfBiases(group) ? options.WarmupBiasRate : 0;
            var isWarm = iteration > end || end == 0;
            group.LearningRate = isWarm ? rate : Between(start, rate, iteration, end);
            group.Momentum = isWarm ? momentum : Between(options.WarmupMomentum, momentum, iteration, end);
        }
    }

    /// <summary>The part of the learning rate at an epoch.</summary>
    internal double Factor(int epoch, int epochs)
    {
        var done = (double)epoch / epochs;
        var left = options.IsCosine ? (1 + Math.Cos(done * Math.PI)) / 2 : 1 - done;
        return options.FinalFactor + (left * (1 - options.FinalFactor));
    }

    private static double Between(double first, double last, long done, long all) =>
        first + ((last - first) * done / all);

    private static bool IsOfBiases(Torch.Optimizers.ParameterGroup group) =>
        group.Parameters.All(entry => entry.Name.EndsWith(".bias", StringComparison.Ordinal));
}
