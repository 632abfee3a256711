using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Data.Loading;

/// <summary>Batch size, worker threads and seed of a <see cref="DataLoader"/>.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>Images per batch; the configs' <c>samples_per_gpu</c>.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Threads that prepare batches; the configs' <c>workers_per_gpu</c>. With 0 the consumer does it.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that each worker may be ahead of the consumer.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>What random draws depend on, together with epoch and index.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// Batches of a data set, prepared ahead by threads. What an epoch gives depends on the seed and the epoch's number
/// alone: any epoch can be had without those before it, and the number of workers changes nothing.
/// </summary>
/// <param name="dataset">Images and their annotations.</param>
/// <param name="pipeline">What is done to each.</param>
/// <param name="sampler">In which order they come.</param>
/// <param name="options">Batch size, threads and seed.</param>
public sealed class DataLoader(
    IDetectionDataset dataset, ITransform pipeline, ISampler sampler, DataLoaderOptions options)
{
    private readonly SampleLoader _samples = new(dataset, pipeline, sampler, options.Seed);

    /// <summary>The data set that batches are made of.</summary>
    public IDetectionDataset Dataset { get; } = dataset;

    /// <summary>Batches per epoch.</summary>
    public int BatchCount { get; } = (sampler.Order(0).Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>A loader for training: shuffled batches of one aspect group each.</summary>
    /// <param name="dataset">Images and their annotations.</param>
    /// <param name="pipeline">What is done to each.</param>
    /// <param name="options">Batch size, threads and seed.</param>
    public static DataLoader ForTraining(IDetectionDataset dataset, ITransform pipeline, DataLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        return new(dataset, pipeline, new GroupSampler(dataset.AspectGroups, options.BatchSize, options.Seed), options);
    }

    /// <summary>A loader for testing: every image once, in order.</summary>
    /// <param name="dataset">Images and their annotations.</param>
    /// <param name="pipeline">What is done to each.</param>
    /// <param name="options">Batch size, threads and seed.</param>
    public static DataLoader ForTesting(IDetectionDataset dataset, ITransform pipeline, DataLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new(dataset, pipeline, new SequentialSampler(dataset.Count), options);
    }

    /// <summary>The batches of one epoch. Leaving the loop early stops the workers.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Batches to leave out at the start, without preparing them.</param>
    /// <param name="cancellation">Stops the workers and the loop.</param>
    /// <returns>Batches in order; whoever receives one disposes it.</returns>
    /// <exception cref="DataLoaderException">An image cannot be made ready; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<LoadedBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        var batches = sampler.Order(epoch).Chunk(options.BatchSize).Skip(firstBatch);
        return options.Workers > 0
            ? Ahead(epoch, batches, cancellation)
            : batches.Select(indices => Load(epoch, indices, cancellation));
    }

    private IEnumerable<LoadedBatch> Ahead(int epoch, IEnumerable<int[]> batches, CancellationToken cancellation)
    {
        using var workers = new LoaderWorkers(
            batches, options.Workers, options.Prefetch, (indices, token) => Load(epoch, indices, token), cancellation);
        while (workers.Next() is { } batch)
        {
            yield return batch;
        }
    }

    private LoadedBatch Load(int epoch, int[] indices, CancellationToken cancellation)
    {
        var samples = new List<Sample>(indices.Length);
        var chosen = new int[indices.Length];
        try
        {
            for (var i = 0; i < indices.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                (chosen[i], var sample) = _samples.Load(epoch, indices[i]);
                samples.Add(sample);
            }

            return new LoadedBatch(chosen, Collate(samples));
        }
        finally
        {
            samples.ForEach(sample => sample.Dispose());
        }
    }

    private static List<Batch> Collate(List<Sample> samples)
    {
        var count = samples[0].Views.Count;
        return count == 0
            ? [Collator.Collate(samples)]
            : [.. Enumerable.Range(0, count).Select(i => Collator.Collate([.. samples.Select(one => one.Views[i])]))];
    }
}
