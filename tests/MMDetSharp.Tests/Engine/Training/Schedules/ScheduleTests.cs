using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Engine.Training.Schedules;

namespace MMDetSharp.Tests.Engine.Training.Schedules;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(15, 0.02)]
    [InlineData(16, 0.002)]
    [InlineData(18, 0.002)]
    [InlineData(19, 0.0002)]
    public void Step_ReferenceConfig_DividesByTenAtEachStep(int epoch, double expected)
    {
        var (schedule, _) = Read("policy='step', step=[16, 19]");

        Assert.Equal(expected, schedule.At(0.02, new(epoch, 0, 20, 0)), 1e-15);
    }

    [Fact]
    public void Step_OneNumber_RepeatsWithFloor()
    {
        var (schedule, _) = Read("policy='step', step=2, gamma=0.5, min_lr=0.2");

        var values = Enumerable.Range(0, 8).Select(epoch => schedule.At(1, new(epoch, 0, 8, 0)));

        // 1, 1, 1/2, 1/2, 1/4, 1/4, then 1/8 is below the floor
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2], values);
    }

    [Fact]
    public void CosineAnnealing_HalfWay_IsTheMiddle()
    {
        var (schedule, _) = Read("policy='CosineAnnealing', by_epoch=False, min_lr_ratio=0.1");

        // cos(pi / 2) = 0: (1 + 0.1) / 2
        Assert.Equal(0.55, schedule.At(1, new(0, 50, 1, 100)), 1e-15);
    }

    [Fact]
    public void FlatCosineAnnealing_StaysThenFalls()
    {
        var (schedule, _) = Read("policy='FlatCosineAnnealing', min_lr=0., start_percent=0.5");

        var values = Enumerable.Range(0, 8).Select(epoch => schedule.At(1, new(epoch, 0, 8, 0))).ToArray();

        // epochs 0 to 3 flat; epoch 6 is half of the rest
        Assert.Equal([1, 1, 1, 1, 1], values[..5]);
        Assert.Equal(0.5, values[6], 1e-15);
    }

    [Fact]
    public void CosineRestart_PastItsPeriods_SaysSo()
    {
        var (schedule, _) = Read("policy='CosineRestart', periods=[2], min_lr=0.");

        var error = Assert.Throws<TrainingException>(() => schedule.At(1, new(3, 0, 4, 0)));

        Assert.Contains("they end at 2, it is at 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warmup_LinearFromAThousandth_ReachesTheRateAfterItsLength()
    {
        var (schedule, warmup) = Read("policy='step', step=[8], warmup='linear', warmup_iters=500, warmup_ratio=0.001");
        var values = new ScheduledValue(schedule, warmup) { Initial = [1] };
        values.AtEpoch(new(0, 0, 12, 12000));

        Assert.Equal(0.001, values.AtIteration(new(0, 0, 12, 12000))![0], 1e-15);
        Assert.Equal(1 - (0.5 * 0.999), values.AtIteration(new(0, 250, 12, 12000))![0], 1e-15);
        Assert.Equal(1, values.AtIteration(new(0, 500, 12, 12000))![0]);
        Assert.Null(values.AtIteration(new(0, 501, 12, 12000)));
    }

    [Fact]
    public void Warmup_OfMomentum_Divides()
    {
        var values = new ScheduledValue(
            new FixedSchedule(), new Warmup { Kind = WarmupKind.Constant, Length = 2, Ratio = 0.5 }, warmupDivides: true)
        {
            Initial = [0.4],
        };
        values.AtEpoch(new(0, 0, 1, 10));

        Assert.Equal(0.8, values.AtIteration(new(0, 0, 1, 10))![0], 1e-15);
        Assert.Equal(0.4, values.AtIteration(new(0, 2, 1, 10))![0], 1e-15);
    }

    [Theory]
    [InlineData("policy='stpe', step=[1]", "lr_config.policy must be one of Fixed, Step")]
    [InlineData("policy='step'", "lr_config.step is missing")]
    [InlineData("policy='step', step=[0]", "numbers above 0")]
    [InlineData("policy='step', step=[1], warmup='liner', warmup_iters=1", "lr_config.warmup must be one of")]
    [InlineData("policy='step', step=[1], warmup='linear'", "lr_config.warmup_iters must be above 0")]
    [InlineData("policy='CosineAnnealing'", "lr_config.min_lr or min_lr_ratio must be set")]
    [InlineData("policy='cyclic', by_epoch=True", "must be False")]
    [InlineData("policy='fixed', gama=1", "lr_config.gama is not an option")]
    public void Read_WrongConfig_NamesPlaceAndRemedy(string text, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Read(text));

        Assert.Contains("config.py:1", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static (Schedule Schedule, Warmup Warmup) Read(string text) =>
        ScheduleRegistry.LearningRate(new ConfigReader(Config.Parse($"lr_config = dict({text})").Root).Node("lr_config"));
}
