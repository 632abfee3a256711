using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Hooks;

/// <summary>Reads the hooks of YOLO's trainings from configs.</summary>
internal static class YoloHookConfig
{
    internal const string Policy = "YOLOv5";

    /// <summary>The names of the moving averages, MMDetection's and YOLOv5's.</summary>
    internal static IReadOnlyList<string> Averages { get; } =
        ["ExpMomentumEMAHook", "LinearMomentumEMAHook", "YOLOv5EMAHook"];

    /// <summary>Whether <c>lr_config</c> asks for YOLOv5's schedule.</summary>
    internal static bool IsYolo(ConfigReader reader) =>
        reader.StringOrNull("policy") == Policy || reader.StringOrNull("type") == Policy + "LrUpdaterHook";

    /// <summary>m = (1 - momentum) exp(-(n + 1) / total_iter) + momentum.</summary>
    internal static EmaHook ExponentialAverage(ConfigReader reader) => Exponential(reader, 0.0002);

    /// <summary>YOLOv5's ModelEMA keeps 0.9999 (1 - exp(-n / 2000)): the exponential average with momentum 0.0001.</summary>
    internal static EmaHook YoloV5Average(ConfigReader reader) => Exponential(reader, 0.0001);

    /// <summary>m = min(momentum ^ interval, (1 + n) / (warm_up + n)).</summary>
    internal static EmaHook LinearAverage(ConfigReader reader)
    {
        var (momentum, interval, skip) = Average(reader, 0.0002);
        var warmup = reader.Int("warm_up", 100);
        var most = Math.Pow(momentum, interval);
        return new EmaHook(n => Math.Min(most, (1.0 + n) / (warmup + n)), interval, skip);
    }

    /// <summary>YOLOv5's schedule.</summary>
    internal static YoloV5ScheduleHook Schedule(ConfigReader reader)
    {
        reader.Ignore("policy", "type");
        var standard = new YoloV5ScheduleOptions();
        var hook = new YoloV5ScheduleHook(Warmup(reader) with
        {
            FinalFactor = reader.Float("lr_factor", standard.FinalFactor),
            IsCosine = reader.ChoiceOr("scheduler", "linear", "linear", "cosine") == "cosine",
            WarmupBiasRate = reader.Float("warmup_bias_lr", standard.WarmupBiasRate),
            WarmupMomentum = reader.Float("warmup_momentum", standard.WarmupMomentum),
        });
        reader.Done();
        return hook;
    }

    /// <summary>mmcv's accumulation: the average of a fixed number of iterations.</summary>
    internal static AccumulatingOptimizerHook Cumulative(ConfigReader reader, ClipOptions? clip)
    {
        var count = reader.Int("cumulative_iters", 1);
        return count > 0
            ? new AccumulatingOptimizerHook(_ => count, average: reader.Bool("average", true), clip)
            : throw reader.Error("cumulative_iters", $"must be above 0, got {count}. Correct it.");
    }

    /// <summary>YOLOv5's accumulation: the sum of as many batches as make up a nominal one, fewer during the warm-up.</summary>
    internal static AccumulatingOptimizerHook Nominal(ConfigReader reader, ClipOptions? clip)
    {
        var images = reader.Int("nominal_batch_size", 64);
        var warmup = Warmup(reader);
        return new AccumulatingOptimizerHook(runner => Count(runner, images, warmup), average: false, clip);
    }

    /// <summary>Iterations of one step: from 1 up to the nominal batch during the warm-up.</summary>
    internal static long Count(Runner runner, int nominal, YoloV5ScheduleOptions warmup)
    {
        var all = (double)nominal / runner.ImagesPerIteration;
        var end = warmup.Length(runner.EpochLength);
        var now = runner.Iteration <= end && end > 0 ? 1 + ((all - 1) * runner.Iteration / end) : all;
        return Math.Max(1, (long)Math.Round(now));
    }

    private static YoloV5ScheduleOptions Warmup(ConfigReader reader)
    {
        var standard = new YoloV5ScheduleOptions();
        return standard with
        {
            WarmupEpochs = reader.Float("warmup_epochs", standard.WarmupEpochs),
            WarmupIterations = reader.Int("warmup_min_iters", standard.WarmupIterations),
        };
    }

    private static EmaHook Exponential(ConfigReader reader, double standard)
    {
        var (momentum, interval, skip) = Average(reader, standard);
        var length = (double)reader.Int("total_iter", 2000);
        return new EmaHook(n => ((1 - momentum) * Math.Exp(-(1 + n) / length)) + momentum, interval, skip);
    }

    private static (double Momentum, int Interval, bool SkipBuffers) Average(ConfigReader reader, double standard)
    {
        var momentum = reader.Float("momentum", standard);
        return momentum is > 0 and < 1
            ? (momentum, reader.Int("interval", 1), reader.Bool("skip_buffers", false))
            : throw reader.Error("momentum", $"must be above 0 and below 1, got {momentum}. Write momentum=0.0001.");
    }
}
