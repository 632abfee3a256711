using System.Threading.Channels;

namespace MMDetSharp.Data.Loading;

/// <summary>
/// Threads that prepare batches ahead of one consumer. A bounded channel holds the promises of batches in their order;
/// a worker that takes the next batch puts its promise there first, so order and bound hold without further locks.
/// </summary>
internal sealed class LoaderWorkers : IDisposable
{
    private readonly IEnumerator<int[]> _batches;
    private readonly Func<int[], CancellationToken, LoadedBatch> _load;
    private readonly Channel<TaskCompletionSource<LoadedBatch>> _promises;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancelled;
    private readonly Thread[] _threads;
    private readonly Lock _gate = new();

    internal LoaderWorkers(
        IEnumerable<int[]> batches,
        int workers,
        int prefetch,
        Func<int[], CancellationToken, LoadedBatch> load,
        CancellationToken cancellation)
    {
        _batches = batches.GetEnumerator();
        _load = load;
        _promises = Channel.CreateBounded<TaskCompletionSource<LoadedBatch>>(workers * Math.Max(1, prefetch));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _cancelled = cancellation;
        _threads = [.. Enumerable.Range(0, workers).Select(i => Start($"loader {i}"))];
    }

    /// <summary>The next batch in order, or null behind the last one.</summary>
    internal LoadedBatch? Next()
    {
        try
        {
            return Wait(_promises.Reader.WaitToReadAsync(_stop.Token).AsTask()) && _promises.Reader.TryRead(out var next)
                ? Wait(next.Task)
                : null;
        }
        catch (OperationCanceledException)
        {
            _cancelled.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Stops all threads, waits for them, and frees what nobody took.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        while (_promises.Reader.TryRead(out var promise))
        {
            if (promise.Task.IsCompletedSuccessfully)
            {
                promise.Task.Result.Dispose();
            }
        }

        _batches.Dispose();
        _stop.Dispose();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private Thread Start(string name)
    {
        var thread = new Thread(Work) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        while (Take() is { } work)
        {
            try
            {
                work.Promise.SetResult(_load(work.Indices, _stop.Token));
            }
            catch (OperationCanceledException)
            {
                work.Promise.SetCanceled();
            }
            catch (Exception error)
            {
                work.Promise.SetException(error);
            }
        }
    }

    private Assignment? Take()
    {
        lock (_gate)
        {
            try
            {
                if (_stop.IsCancellationRequested || !_batches.MoveNext())
                {
                    _promises.Writer.TryComplete();
                    return null;
                }

                var promise = new TaskCompletionSource<LoadedBatch>(TaskCreationOptions.RunContinuationsAsynchronously);
                _promises.Writer.WriteAsync(promise, _stop.Token).AsTask().GetAwaiter().GetResult();
                return new(_batches.Current, promise);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private sealed record Assignment(int[] Indices, TaskCompletionSource<LoadedBatch> Promise);
}
