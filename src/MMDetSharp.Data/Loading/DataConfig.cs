using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Data.Loading;

/// <summary>The node <c>data</c> of a config: data sets, their pipelines, and how they are loaded.</summary>
/// <param name="reader">The config's node <c>data</c>.</param>
public sealed class DataConfig(ConfigReader reader)
{
    /// <summary>Images of one batch of training.</summary>
    /// <exception cref="ConfigException">The value has a wrong type.</exception>
    public int BatchSize => reader.Int("samples_per_gpu", 1);

    /// <summary>Images of one batch of testing: the test set's own key.</summary>
    /// <exception cref="ConfigException">The value has a wrong type, or there is no test set.</exception>
    public int TestBatchSize => Nodes("test")[0].Int("samples_per_gpu", 1);

    /// <summary>Threads that prepare batches.</summary>
    /// <exception cref="ConfigException">The value has a wrong type.</exception>
    public int Workers => reader.Int("workers_per_gpu", 2);

    /// <summary>The nodes of a data set: one, or several that are joined.</summary>
    /// <param name="part"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <exception cref="ConfigException">There is none.</exception>
    public IReadOnlyList<ConfigReader> Nodes(string part) => reader.NodesOrOne(part);

    /// <summary>The pipeline of a data set.</summary>
    /// <param name="part"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <exception cref="ConfigException">A step is unknown, or its options are; the message tells file and line.</exception>
    public Pipeline Pipeline(string part) => PipelineBuilder.Build(DatasetBuilder.Pipeline(Nodes(part)[0]));

    /// <summary>Shuffled batches of a data set, through the pipeline of <c>data.train</c>.</summary>
    /// <param name="part"><c>train</c>, or another one that is treated alike.</param>
    /// <param name="seed">What random draws depend on, together with epoch and index.</param>
    /// <exception cref="ConfigException">The node is wrong; the message tells file and line.</exception>
    /// <exception cref="DatasetException">A file is missing or broken.</exception>
    public DataLoader TrainLoader(string part, int seed)
    {
        var dataset = DatasetBuilder.Build(Nodes(part));
        var pipeline = PipelineBuilder.ForDataset(Nodes("train")[0], dataset);
        return DataLoader.ForTraining(dataset, pipeline, Options(BatchSize, seed));
    }

    /// <summary>Every image of a data set once, in order.</summary>
    /// <param name="part"><c>val</c> or <c>test</c>.</param>
    /// <param name="batchSize">Images of one batch.</param>
    /// <exception cref="ConfigException">The node is wrong; the message tells file and line.</exception>
    /// <exception cref="DatasetException">A file is missing or broken.</exception>
    public DataLoader TestLoader(string part, int batchSize)
    {
        var shapes = Nodes(part)[0].NodeOrNull("batch_shapes_cfg") is { } node ? RectangularOptions.FromConfig(node) : null;
        var dataset = DatasetBuilder.Build(Nodes(part), testMode: true);
        ISampler sampler = shapes is null
            ? new SequentialSampler(dataset.Count)
            : new RectangularSampler(dataset, shapes);
        return new(dataset, Pipeline(part), sampler, Options(batchSize, 0));
    }

    /// <summary>Refuses unknown keys beside the data sets; theirs are refused where they are built.</summary>
    /// <exception cref="ConfigException">There are such keys.</exception>
    public void Done()
    {
        _ = (BatchSize, Workers);
        reader.Ignore("train", "val", "test", "persistent_workers", "train_dataloader", "val_dataloader", "test_dataloader");
        reader.Done();
    }

    private DataLoaderOptions Options(int batchSize, int seed) =>
        new() { BatchSize = batchSize, Workers = Workers, Seed = seed };
}
