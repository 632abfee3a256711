using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training.Schedules;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Training.Schedules;

/// <summary>Every recorded schedule, iteration by iteration, as a config of it gives.</summary>
[Trait("Category", "Golden")]
public sealed class ScheduleGoldenTests
{
    private const string File = "components/schedules.safetensors";

    // Both sides compute in double precision; powers and cosines may differ in the last bits.
    private const double Tolerance = 1e-12;

    [GoldenFact(File)]
    public void Values_RecordedConfigs_AreRecorded()
    {
        var file = GoldenFile.Open(File);
        foreach (var one in file.Cases)
        {
            var actual = Run(one);

            file.AssertClose(one.Out("v"), actual, file.Shape(one.Out("v")), 0, Tolerance);
        }
    }

    private static double[] Run(GoldenCase one)
    {
        var isMomentum = one.Options.GetProperty("field").GetString() == "momentum";
        var config = Config.Parse($"{{\"schedule\": {one.Options.GetProperty("cfg").GetRawText()}}}", "schedule.json");
        var reader = new ConfigReader(config.Root).Node("schedule");
        var (schedule, warmup) = isMomentum ? ScheduleRegistry.Momentum(reader) : ScheduleRegistry.LearningRate(reader);
        var rates = one.Options.GetProperty("base_lr").EnumerateArray().Select(rate => rate.GetDouble()).ToArray();
        var momentum = one.Options.GetProperty("momentum").GetDouble();
        var values = new ScheduledValue(schedule, warmup, isMomentum)
        {
            Initial = isMomentum ? Array.ConvertAll(rates, _ => momentum) : rates,
        };
        var epochs = one.Options.GetProperty("max_epochs").GetInt32();
        return [.. Walk(values, epochs, one.Options.GetProperty("iters_per_epoch").GetInt32())];
    }

    private static IEnumerable<double> Walk(ScheduledValue values, int epochs, int length)
    {
        var current = values.Initial;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            for (var inner = 0; inner < length; inner++)
            {
                var position = new SchedulePosition(epoch, (epoch * length) + inner, epochs, epochs * length);
                current = (inner == 0 ? values.AtEpoch(position) : null) ?? current;
                current = values.AtIteration(position) ?? current;
                foreach (var value in current)
                {
                    yield return value;
                }
            }
        }
    }
}
