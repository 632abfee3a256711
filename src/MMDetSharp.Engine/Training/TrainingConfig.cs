using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Engine.Training;

/// <summary>The parts of a config that the engine itself reads.</summary>
internal sealed class TrainingConfig(Config config)
{
    /// <summary>The file.</summary>
    internal string Path => config.Path;

    /// <summary>The whole config.</summary>
    internal ConfigReader Root { get; } = new(config.Root);

    /// <summary>The node <c>data</c>.</summary>
    internal ConfigReader Data => Root.Node("data");

    /// <summary>Images of one batch of training.</summary>
    internal int BatchSize => Data.Int("samples_per_gpu", 1);

    /// <summary>Threads that prepare batches.</summary>
    internal int Workers => Data.Int("workers_per_gpu", 2);

    /// <summary>Epochs of the whole training.</summary>
    internal int MaxEpochs => Runner()?.Int("max_epochs") ?? Root.Int("total_epochs");

    /// <summary>The nodes of a data set: one, or several that are joined.</summary>
    internal IReadOnlyList<ConfigReader> DatasetNodes(string part) => Data.NodesOrOne(part);

    /// <summary>The pipeline of <c>data.train</c>, <c>data.val</c> or <c>data.test</c>.</summary>
    internal Pipeline Pipeline(string part) => PipelineBuilder.Build(DatasetBuilder.Pipeline(DatasetNodes(part)[0]));

    /// <summary>Shuffled batches of <c>data.train</c>, or of another part through the pipeline of <c>data.train</c>.</summary>
    internal DataLoader TrainLoader(string part, int seed)
    {
        var dataset = DatasetBuilder.Build(DatasetNodes(part));
        var pipeline = PipelineBuilder.ForDataset(DatasetNodes("train")[0], dataset);
        return DataLoader.ForTraining(dataset, pipeline, Loading(BatchSize, seed));
    }

    /// <summary>Every image of <c>data.val</c> or <c>data.test</c> once, in order.</summary>
    internal DataLoader TestLoader(string part, int batchSize, int? workers = null)
    {
        var shapes = DatasetNodes(part)[0].NodeOrNull("batch_shapes_cfg");
        var dataset = DatasetBuilder.Build(DatasetNodes(part), testMode: true);
        ISampler sampler = shapes is null
            ? new SequentialSampler(dataset.Count)
            : new RectangularSampler(dataset, Rectangles(shapes));
        return new(dataset, Pipeline(part), sampler, Loading(batchSize, 0) with { Workers = workers ?? Workers });
    }

    /// <summary>What the config asks for and does not get here; refuses unknown keys of <c>data</c>.</summary>
    internal IEnumerable<string> Warnings()
    {
        _ = (BatchSize, Workers);
        Data.Ignore("train", "val", "test", "persistent_workers", "train_dataloader", "val_dataloader", "test_dataloader");
        Data.Done();
        if (Root.Has("fp16"))
        {
            yield return "fp16 is not available here: training computes in 32 bits.";
        }
    }

    /// <summary>The phases: train or val, and for how many epochs.</summary>
    internal IReadOnlyList<(RunMode Mode, int Epochs)> Workflow()
    {
        if (Root.RawOrNull("workflow") is not { } value)
        {
            return [(RunMode.Train, 1)];
        }

        return value is ConfigSequence { Count: > 0 } phases
            ? [.. phases.Select(Phase)]
            : throw Root.Error("workflow", "must be a list of phases. Write [('train', 1)].");
    }

    // The names are MMYOLO's.
    private static RectangularOptions Rectangles(ConfigReader reader)
    {
        reader.Choice("type", "BatchShapePolicy");
        var defaults = new RectangularOptions();
        var options = new RectangularOptions
        {
            BatchSize = reader.Int("batch_size", defaults.BatchSize),
            ImageSize = reader.Int("img_size", defaults.ImageSize),
            Stride = reader.Int("size_divisor", defaults.Stride),
            Pad = reader.Float("extra_pad_ratio", defaults.Pad),
        };
        reader.Done();
        return options.BatchSize > 0 && options.ImageSize > 0 && options.Stride > 0
            ? options
            : throw reader.Error("type", "needs batch_size, img_size and size_divisor above 0. Correct them.");
    }

    private (RunMode Mode, int Epochs) Phase(ConfigValue value) => value switch
    {
        ConfigSequence { Count: 2 } pair when pair[1] is ConfigScalar { Content: long and > 0 and var epochs }
            && pair[0] is ConfigScalar { Content: "train" or "val" } mode =>
            ((string)mode.Content! == "train" ? RunMode.Train : RunMode.Val, (int)epochs),
        _ => throw Root.Error("workflow", $"must hold ('train', N) and ('val', N), found {value}. Correct it."),
    };

    private ConfigReader? Runner()
    {
        var runner = Root.NodeOrNull("runner");
        return runner is null || runner.String("type", "EpochBasedRunner") == "EpochBasedRunner"
            ? runner
            : throw runner.Error("type", "must be EpochBasedRunner: training goes by epochs here. Set total_epochs instead.");
    }

    private DataLoaderOptions Loading(int batchSize, int seed) =>
        new() { BatchSize = batchSize, Workers = Workers, Seed = seed };
}
