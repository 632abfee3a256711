using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Training;
using MMDetSharp.Tests.Engine.ForeignModels;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>A training on own classes that starts from a .pt file of YOLOv5.</summary>
public sealed class YoloV5FineTuningTests
{
    [SharedFact(YoloV5Files.Nano)]
    public void Train_FromFileOfOtherClasses_TakesAllButTheOutputs()
    {
        using var blocks = new BlocksFolder(4);
        var source = YoloV5Files.Under(YoloV5Files.Nano);
        var settings = Config.Load(
            RepositoryFolder.Under("configs/yolov5/yolov5n_coco.py"),
            [
                "model.nc=2", "model.anchors.0=[8, 8, 16, 30, 33, 23]", $"load_from={source}", "total_epochs=1",
                "data.samples_per_gpu=2", "data.workers_per_gpu=0", "checkpoint_config=None",
                "data.train.pipeline.0.img_scale=(64,64)", "data.train.pipeline.1.border=(-32,-32)",
                .. Files("train.dataset", blocks), .. Files("val", blocks),
                "data.val.pipeline.1.img_scale=64", "data.val.pipeline.2.img_scale=64", "data.val.batch_shapes_cfg.img_size=64",
            ]);
        var progress = new RecordedProgress();
        using var trainer = Trainer.FromConfig(
            settings, new TrainerOptions { WorkFolder = blocks.Under("work"), Seed = 1, Progress = progress });
        var told = string.Join('\n', progress.Messages);
        var anchors = State(trainer)["model.24.anchors"].ToArray();
        var stem = State(trainer)["model.0.conv.weight"].ToArray();

        var result = trainer.Run();

        using var checkpoint = Checkpoint.Read(source);
        using var published = checkpoint.State["model.0.conv.weight"].ToTensor();
        Assert.Contains("wrong shape (6)", told, StringComparison.Ordinal);
        Assert.Contains("model.24.m.0.weight", told, StringComparison.Ordinal);
        Assert.Equal(published.ToArray(), stem);
        Assert.Equal([1f, 1], anchors[..2]); // the config's 8 x 8 pixels at stride 8, not the file's
        Assert.Equal(2, result.Iterations);
    }

    private static Dictionary<string, Tensor> State(Trainer trainer) =>
        trainer.Model.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor);

    private static string[] Files(string part, BlocksFolder blocks) =>
    [
        $"data.{part}.ann_file={blocks.Under("blocks.json")}", $"data.{part}.img_prefix={blocks.Root}",
        $"data.{part}.classes=('bright','red')",
    ];
}
