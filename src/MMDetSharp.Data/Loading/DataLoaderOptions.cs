namespace MMDetSharp.Data.Loading;

/// <summary>How a <see cref="DataLoader"/> works.</summary>
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
