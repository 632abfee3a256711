using System.Diagnostics;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>Finds the objects of every image of a data set; keeps plain numbers, no tensors.</summary>
internal static class DatasetDetector
{
    /// <summary>Runs over the loader's data set once.</summary>
    /// <param name="session">The detector, ready on its device.</param>
    /// <param name="loader">Every image once, in order.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="onImage">Is given each image's info and objects; null when nobody wants them.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>One per image, in the order of the data set.</returns>
    internal static ImageDetections[] Run(
        DetectorSession session,
        DataLoader loader,
        IRunProgress progress,
        Action<ImageInfo, ImageDetections>? onImage = null,
        CancellationToken cancellation = default)
    {
        var results = new ImageDetections[loader.Dataset.Count];
        var (start, done) = (Stopwatch.GetTimestamp(), 0);
        foreach (var batch in loader.Epoch(0, 0, cancellation))
        {
            using var owned = batch;
            using var scope = TensorScope.Begin();
            var found = session.Detect(batch.Views);
            for (var i = 0; i < found.Length; i++)
            {
                var index = batch.Indices[i];
                results[index] = ImageDetections.From(found[i]);
                onImage?.Invoke(batch.Batch.Infos[i], results[index]);
            }

            done += found.Length;
            progress.Update(Report(done, results.Length, Stopwatch.GetElapsedTime(start)));
            cancellation.ThrowIfCancellationRequested();
        }

        return results;
    }

    private static ProgressReport Report(int done, int total, TimeSpan time) => new()
    {
        Task = "test",
        Done = done,
        Total = total,
        ImagesPerSecond = done / Math.Max(time.TotalSeconds, 1e-9),
        Left = (total - done) * time / done,
    };
}
