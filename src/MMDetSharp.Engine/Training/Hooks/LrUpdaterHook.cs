using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Engine.Training.Schedules;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Sets the learning rate of every parameter group along a schedule.</summary>
internal sealed class LrUpdaterHook(Schedule schedule, Warmup warmup) : Hook
{
    private readonly ScheduledValue _rates = new(schedule, warmup);

    /// <summary>From a config's <c>lr_config</c>.</summary>
    internal static LrUpdaterHook FromConfig(ConfigReader reader)
    {
        var (schedule, warmup) = ScheduleRegistry.LearningRate(reader);
        return new(schedule, warmup);
    }

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner) =>
        _rates.Initial = [.. runner.Optimizer.Groups.Select(group => group.InitialLearningRate)];

    /// <inheritdoc/>
    public override void BeforeTrainEpoch(Runner runner) => Set(runner, _rates.AtEpoch(SchedulePosition.Of(runner)));

    /// <inheritdoc/>
    public override void BeforeTrainIteration(Runner runner) => Set(runner, _rates.AtIteration(SchedulePosition.Of(runner)));

    private static void Set(Runner runner, double[]? rates)
    {
        for (var i = 0; i < rates?.Length; i++)
        {
            runner.Optimizer.Groups[i].LearningRate = rates[i];
        }
    }
}
