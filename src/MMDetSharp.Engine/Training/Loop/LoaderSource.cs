using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Loading;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The batches of a loader.</summary>
internal sealed class LoaderSource(DataLoader loader) : IBatchSource
{
    /// <inheritdoc/>
    public int Count => loader.BatchCount;

    /// <inheritdoc/>
    public IEnumerable<Batch> Epoch(int epoch, int start, CancellationToken cancellation) =>
        loader.Epoch(epoch, start, cancellation).Select(loaded => loaded.Batch);
}
