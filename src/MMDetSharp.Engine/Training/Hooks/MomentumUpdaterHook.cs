using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Engine.Training.Schedules;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Sets the momentum (Adam: the first beta) of every parameter group along a schedule.</summary>
internal sealed class MomentumUpdaterHook(Schedule schedule, Warmup warmup) : Hook
{
    private readonly ScheduledValue _momenta = new(schedule, warmup, warmupDivides: true);

    /// <summary>From a config's <c>momentum_config</c>.</summary>
    internal static MomentumUpdaterHook FromConfig(ConfigReader reader)
    {
        var (schedule, warmup) = ScheduleRegistry.Momentum(reader);
        return new(schedule, warmup);
    }

    /// <inheritdoc/>
    public override void BeforeRun(Runner runner) =>
        _momenta.Initial = [.. runner.Optimizer.Groups.Select(group => group.InitialMomentum)];

    /// <inheritdoc/>
    public override void BeforeTrainEpoch(Runner runner) => Set(runner, _momenta.AtEpoch(SchedulePosition.Of(runner)));

    /// <inheritdoc/>
    public override void BeforeTrainIteration(Runner runner) =>
        Set(runner, _momenta.AtIteration(SchedulePosition.Of(runner)));

    private static void Set(Runner runner, double[]? momenta)
    {
        for (var i = 0; i < momenta?.Length; i++)
        {
            runner.Optimizer.Groups[i].Momentum = momenta[i];
        }
    }
}
