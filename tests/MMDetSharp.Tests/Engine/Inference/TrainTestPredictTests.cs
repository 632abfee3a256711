using System.Text.Json;

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Testing;
using MMDetSharp.Engine.Training;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Inference;

/// <summary>A thin RetinaNet on a small data set: trained, resumed, tested and asked for single images.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class TrainTestPredictTests(TrainedBlocks trained) : IClassFixture<TrainedBlocks>
{
    [Fact]
    public void Trainer_ThinRetinaNet_TrainsEvaluatesAndKeepsTheBest()
    {
        using var blocks = new BlocksFolder();

        var result = Train(blocks, "work");

        Assert.Equal(4, result.Iterations);
        Assert.Contains("bbox_mAP", result.LastEvaluation.Keys);
        Assert.True(File.Exists(blocks.Under("work/thin_retinanet.py")));
        using var checkpoint = Checkpoint.Read(blocks.Under("work/latest.pth"));
        Assert.Equal(["bright", "red"], checkpoint.Meta["CLASSES"].AsList().Select(name => name.AsString()));
        Assert.Contains("RetinaHead", checkpoint.Meta["config"].AsString(), StringComparison.Ordinal);
        var lines = File.ReadAllLines(result.JsonLog!);
        Assert.Equal(1 + 4 + 2, lines.Length);
        Assert.Contains("\"loss_cls\": ", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"bbox_mAP_50\": ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Trainer_Resumed_EndsWithTheSameWeights()
    {
        using var blocks = new BlocksFolder();
        Train(blocks, "whole");

        Train(blocks, "resumed", blocks.Under("whole/epoch_1.pth"), seed: null);

        Assert.Equal(Weights(blocks.Under("whole/latest.pth")), Weights(blocks.Under("resumed/latest.pth")));
    }

    [Fact]
    public void Trainer_OneWorkerOrFour_EndsWithTheSameWeights()
    {
        using var blocks = new BlocksFolder();

        Train(blocks, "one", overrides: ["data.workers_per_gpu=0"]);
        Train(blocks, "four", overrides: ["data.workers_per_gpu=4"]);

        Assert.Equal(Weights(blocks.Under("one/latest.pth")), Weights(blocks.Under("four/latest.pth")));
    }

    [Fact]
    public void Trainer_MoreClassesInTheDataThanInTheHead_SaysSo()
    {
        using var blocks = new BlocksFolder();

        var error = Assert.Throws<TrainingException>(() => Train(blocks, "work", overrides: ["model.bbox_head.num_classes=1"]));

        Assert.Contains("num_classes=2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainer_UnknownKeyOfData_NamesItsLine()
    {
        using var blocks = new BlocksFolder();

        var error = Assert.Throws<ConfigException>(() => Train(blocks, "work", overrides: ["data.samples_per_gpus=2"]));

        Assert.Contains("data.samples_per_gpus is not an option", error.Message, StringComparison.Ordinal);
        Assert.Contains("samples_per_gpu?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainer_WithAValPhase_LogsItsLosses()
    {
        using var blocks = new BlocksFolder();

        var result = Train(blocks, "work", overrides: ["workflow=[('train', 1), ('val', 1)]", "total_epochs=1"]);

        var last = File.ReadLines(result.JsonLog!).Last();
        Assert.StartsWith("{\"mode\": \"val\", \"epoch\": 1, \"iter\": 2, ", last, StringComparison.Ordinal);
        Assert.Contains("\"loss_cls\": ", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_ThreeLines_FindObjectsInPixelsOfTheImage()
    {
        var blocks = trained.Folder;
        var (config, checkpoint, image) = (blocks.Config, trained.Checkpoint, blocks.ImagePath(0));

        using var detector = DetectorInferencer.Load(config, checkpoint);
        var result = detector.Predict(image);
        var text = string.Join('\n', result.Objects);

        Assert.Equal((96, 64), (result.Width, result.Height));
        Assert.Equal(["bright", "red"], detector.Classes);
        Assert.Matches(@"^(bright|red) 0\.\d\d \(-?\d+\.\d, ", text);
        Assert.All(result.Objects, one => Assert.InRange(one.X2, one.X1, 96));
    }

    [Fact]
    public void Predict_CompiledEagerFileImageAndBytes_Agree()
    {
        var blocks = trained.Folder;
        var options = new InferencerOptions { Compile = false };
        using var compiled = DetectorInferencer.Load(blocks.Config, trained.Checkpoint);
        using var eager = DetectorInferencer.Load(blocks.Config, trained.Checkpoint, options);
        using var image = ImageFile.Read(blocks.ImagePath(1));

        var expected = eager.Predict(blocks.ImagePath(1)).Objects;

        Assert.NotEmpty(expected);
        AssertSame(expected, compiled.Predict(blocks.ImagePath(1)).Objects);
        AssertSame(expected, eager.Predict(image).Objects);
        AssertSame(expected, eager.Predict(File.ReadAllBytes(blocks.ImagePath(1)), "upload").Objects);
    }

    [Fact]
    public void Predict_FlippedAndScaledViews_MergesThem()
    {
        var blocks = trained.Folder;
        var config = Config.Load(
            blocks.Config,
            ["data.test.pipeline.1.flip=True", "data.test.pipeline.1.img_scale=[(96,64),(144,96)]"]);
        using var detector = DetectorInferencer.Load(config, trained.Checkpoint);

        var result = detector.Predict(blocks.ImagePath(0));

        Assert.All(result.Objects, one => Assert.InRange(one.Y2, one.Y1, 64));
    }

    [Fact]
    public void Predict_OnManyThreads_GivesEachItsOwnResult()
    {
        var blocks = trained.Folder;
        using var detector = DetectorInferencer.Load(blocks.Config, trained.Checkpoint);
        var expected = Enumerable.Range(0, 8).Select(i => detector.Predict(blocks.ImagePath(i)).Objects).ToList();

        var actual = new IReadOnlyList<DetectedObject>[8];
        Parallel.For(0, 8, i => actual[i] = detector.Predict(blocks.ImagePath(i)).Objects);

        Assert.All(Enumerable.Range(0, 8), i => AssertSame(expected[i], actual[i]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Predict_ManyImages_KeepsTheNumberOfTensorsAndImages(bool compile)
    {
        var blocks = trained.Folder;
        using var detector = DetectorInferencer.Load(blocks.Config, trained.Checkpoint, new() { Compile = compile });
        detector.Predict(blocks.ImagePath(0));
        var (tensors, images) = (Tensor.LiveCount, Image.LiveCount);

        for (var i = 0; i < 200; i++)
        {
            detector.Predict(blocks.ImagePath(i % 8));
        }

        CountsTensors.AssertAtMost(tensors);
        Assert.Equal(images, Image.LiveCount);
    }

    [Fact]
    public void Tester_OneOrSeveralImagesABatch_FindsTheSame()
    {
        var blocks = trained.Folder;
        var before = Tensor.LiveCount;
        List<ImageDetections> shown = [];

        var single = Test(new() { OnImage = shown.Add, ShowFolder = blocks.Under("shown"), ShowScoreThreshold = 0 });
        var several = Test(new() { BatchSize = 3, Compile = false });

        CountsTensors.AssertAtMost(before);
        Assert.Equal(8, shown.Count);
        Assert.Equal(8, Directory.GetFiles(blocks.Under("shown")).Length);
        Assert.Equal(single.Detections.Select(found => found.Count), several.Detections.Select(found => found.Count));
        var metrics = single.Evaluate();
        Assert.Contains("Average Precision", metrics.Text, StringComparison.Ordinal);
        single.Save(blocks.Under("results.json"));
        Assert.Equal(single.Detections.Sum(found => found.Count), CocoResults.Load(blocks.Under("results.json")).Count);
    }

    [Fact]
    public void DetectionJson_HasTheAgreedFields()
    {
        using var stream = new MemoryStream();
        var result = new ImageDetections([1, 2, 3.5f, 4], [0.75f], [1])
        {
            FileName = "a.jpg",
            Width = 640,
            Height = 480,
            Classes = ["cat", "dog"],
        };

        DetectionJson.Write(stream, [result]);

        var one = JsonDocument.Parse(stream.ToArray()).RootElement[0];
        Assert.Equal(["file", "width", "height", "detections"], one.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            """{"bbox":[1,2,3.5,4],"score":0.75,"label":1,"class":"dog"}""",
            JsonSerializer.Serialize(one.GetProperty("detections")[0]));
    }

    [Fact]
    public void Load_CheckpointOfAnotherClassCount_SaysSo()
    {
        var blocks = trained.Folder;
        var config = Config.Load(blocks.Config, ["model.bbox_head.num_classes=7"]);

        var error = Assert.Throws<CheckpointException>(() => DetectorInferencer.Load(config, trained.Checkpoint));

        Assert.Contains("another class count", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Trainer_LongEnough_LearnsTheBlocks()
    {
        using var blocks = new BlocksFolder(16);

        var result = Train(blocks, "work", overrides: ["total_epochs=60", "evaluation.interval=20"]);

        Assert.True((double)result.LastEvaluation["bbox_mAP_50"] > 0.7, $"AP50 {result.LastEvaluation["bbox_mAP_50"]}");
    }

    internal static TrainingResult Train(
        BlocksFolder blocks, string folder, string? resumeFrom = null, int? seed = 3, string[]? overrides = null)
    {
        using var trainer = Trainer.FromConfig(
            Config.Load(blocks.Config, overrides),
            new TrainerOptions { WorkFolder = blocks.Under(folder), ResumeFrom = resumeFrom, Seed = seed });
        return trainer.Run();
    }

    private TestResult Test(TesterOptions options)
    {
        using var tester = Tester.FromConfig(Config.Load(trained.Folder.Config), trained.Checkpoint, options);
        return tester.Run();
    }

    private static Dictionary<string, byte[]> Weights(string path)
    {
        using var checkpoint = Checkpoint.Read(path);
        return checkpoint.State.ToDictionary(entry => entry.Key, entry => entry.Value.ToBytes());
    }

    // Compiled kernels round differently: 1e-3 pixels, 1e-5 of score.
    private static void AssertSame(IReadOnlyList<DetectedObject> expected, IReadOnlyList<DetectedObject> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Label, other.Label);
            Assert.Equal(one.Score, other.Score, 1e-4);
            Assert.Equal(one.X1, other.X1, 1e-2);
            Assert.Equal(one.Y2, other.Y2, 1e-2);
        }
    }
}

/// <summary>The blocks and a model that was trained on them for a moment.</summary>
public sealed class TrainedBlocks : IDisposable
{
    public TrainedBlocks() => TrainTestPredictTests.Train(
        Folder, "trained", overrides: ["total_epochs=12", "evaluation.interval=12", "checkpoint_config.interval=12"]);

    internal BlocksFolder Folder { get; } = new();

    internal string Checkpoint => Folder.Under("trained/latest.pth");

    public void Dispose() => Folder.Dispose();
}
