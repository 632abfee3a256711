using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Training;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class TrainingLeakTests
{
    private const int EpochLength = 8;
    private const int Epochs = 26;

    [Fact]
    public void Run_MoreThan200Steps_KeepsTheNumberOfTensorsAndImages()
    {
        using var blocks = new BlocksFolder(EpochLength);
        var before = (Tensor.LiveCount, Image.LiveCount);
        var counts = new Counts();

        using (var trainer = Trainer.FromConfig(
            Config.Load(
                blocks.Config,
                [
                    "data.samples_per_gpu=1", "data.train.pipeline.2.img_scale=(48,32)",
                    $"total_epochs={Epochs}", "checkpoint_config.interval=9", "evaluation.interval=13",
                ]),
            new TrainerOptions { WorkFolder = blocks.Under("work"), Seed = 1 }))
        {
            trainer.Runner.RegisterHook(counts);
            Assert.Equal(EpochLength * Epochs, trainer.Run().Iterations);
        }

        // The optimizer makes its state at the first step: after the first epoch nothing more is made.
        Assert.Single(counts.AfterEpochs.Distinct());
        CountsTensors.AssertAtMost(before);
    }

    /// <summary>Counts when an epoch is over: no batch is on its way then.</summary>
    private sealed class Counts : Hook
    {
        internal List<(long Tensors, long Images)> AfterEpochs { get; } = [];

        public override void AfterTrainEpoch(Runner runner) => AfterEpochs.Add((Tensor.LiveCount, Image.LiveCount));
    }
}
