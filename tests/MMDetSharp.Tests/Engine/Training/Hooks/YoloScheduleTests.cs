using MMDetSharp.Engine.Training.Hooks;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Training.Hooks;

public sealed class YoloScheduleTests
{
    // 3 epochs of 5 batches, lr 0.05, lrf 0.01; warm-up of 1 epoch: 5 iterations. Linear: factor of epoch e:
    // (1 - e / 3) 0.99 + 0.01 = 1, 0.67, 0.34.
    [Fact]
    public void BeforeTrainIteration_WarmupAndLine_ByHand()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(folder.Path, Config("lr_config = dict(policy='YOLOv5', warmup_epochs=1, warmup_min_iters=2)"));
        var seen = Watch(training);

        training.Run();

        // Iteration 0: weights 0, biases 0.1, momentum 0.8. Iteration 2: 2 / 5 of the way.
        Assert.Equal((0, 0.1, 0.8), seen[0]);
        AssertClose((0.4 * 0.05, 0.1 + (0.4 * (0.05 - 0.1)), 0.8 + (0.4 * 0.1)), seen[2]);
        // Iteration 5 is the last of the warm-up (all the way), in epoch 1.
        AssertClose((0.67 * 0.05, 0.67 * 0.05, 0.9), seen[5]);
        AssertClose((0.34 * 0.05, 0.34 * 0.05, 0.9), seen[14]);
    }

    [Fact]
    public void Factor_Cosine_ByHand()
    {
        var hook = new YoloV5ScheduleHook(new() { IsCosine = true, FinalFactor = 0.2 });

        Assert.Equal(1, hook.Factor(0, 4), 12);
        Assert.Equal(0.6, hook.Factor(2, 4), 12);
        Assert.Equal(0.2, hook.Factor(4, 4), 12);
    }

    // As one batch of both: the average of two gradients is the gradient of the average loss.
    [Fact]
    public void Cumulative_TwoIterations_StepsHalfAsOften()
    {
        using var folder = new TemporaryFolder();
        using var training = new TinyTraining(
            folder.Path,
            Config("lr_config = dict(policy='fixed')", "optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=2)"),
            epochs: 1);
        List<float> weights = [];
        var weight = training.Model.NamedParameters().First().Tensor;
        training.Runner.RegisterHook(new EmaHookTests.AfterIteration(_ => weights.Add(weight.Detach().ToArray()[0])));

        training.Run();

        // Five iterations: steps behind the second, the fourth, and the last, which takes what is left.
        Assert.Equal(weights[1], weights[2]);
        Assert.NotEqual(weights[0], weights[1]);
        Assert.NotEqual(weights[2], weights[3]);
        Assert.NotEqual(weights[3], weights[4]);
    }

    [Fact]
    public void Cumulative_OneIteration_IsThePlainHook()
    {
        using var folder = new TemporaryFolder();
        using var plain = new TinyTraining(Path.Combine(folder.Path, "a"), Config("lr_config = dict(policy='fixed')"));
        using var other = new TinyTraining(
            Path.Combine(folder.Path, "b"),
            Config("lr_config = dict(policy='fixed')", "optimizer_config = dict(type='GradientCumulativeOptimizerHook')"));

        plain.Run();
        other.Run();

        Assert.Equal(plain.State(), other.State());
    }

    private static string Config(params string[] lines) => string.Join('\n', [
        "optimizer = dict(type='SGD', lr=0.05, momentum=0.9, weight_decay=0.0001, "
        + "paramwise_cfg=dict(norm_decay_mult=0., bias_decay_mult=0.))",
        .. lines,
    ]);

    // Of each iteration: the rate of the first weight, of the first bias, and the momentum.
    private static List<(double Weight, double Bias, double Momentum)> Watch(TinyTraining training)
    {
        List<(double, double, double)> seen = [];
        training.Runner.RegisterHook(new EmaHookTests.AfterIteration(runner =>
        {
            var bias = runner.Optimizer.Groups.First(group => group.Parameters[0].Name.EndsWith(".bias", StringComparison.Ordinal));
            var first = runner.Optimizer.Groups[0];
            seen.Add((first.LearningRate, bias.LearningRate, first.Momentum));
        }));
        return seen;
    }

    private static void AssertClose(
        (double Weight, double Bias, double Momentum) expected, (double Weight, double Bias, double Momentum) actual)
    {
        Assert.Equal(expected.Weight, actual.Weight, 12);
        Assert.Equal(expected.Bias, actual.Bias, 12);
        Assert.Equal(expected.Momentum, actual.Momentum, 12);
    }
}
