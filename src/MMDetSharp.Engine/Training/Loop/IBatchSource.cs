using MMDetSharp.Core.Structures;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The batches of an epoch, in an order that depends on the epoch only.</summary>
public interface IBatchSource
{
    /// <summary>Batches of one epoch.</summary>
    int Count { get; }

    /// <summary>The batches of an epoch; the caller disposes each.</summary>
    /// <param name="epoch">Epochs finished before.</param>
    /// <param name="start">The batches to leave out at the beginning, when an epoch is resumed.</param>
    /// <param name="cancellation">Stops waiting for a batch.</param>
    IEnumerable<Batch> Epoch(int epoch, int start, CancellationToken cancellation);
}
