using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>Batches of random images that follow from the epoch and their place in it.</summary>
internal sealed class TinySource(int count, int images = 2) : IBatchSource
{
    public int Count => count;

    /// <summary>The (epoch, place) of each batch that was given.</summary>
    internal List<(int Epoch, int Place)> Given { get; } = [];

    public IEnumerable<Batch> Epoch(int epoch, int start, CancellationToken cancellation)
    {
        for (var place = start; place < count; place++)
        {
            Given.Add((epoch, place));
            yield return Make(epoch, place);
        }
    }

    private Batch Make(int epoch, int place)
    {
        using var scope = TensorScope.Begin();
        var random = new CounterRandom(3, epoch, place);
        var pixels = new float[images * 3 * 8 * 8];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble();
        }

        var infos = Enumerable.Range(0, images).Select(i => new ImageInfo
        {
            FileName = $"image_{epoch}_{place}_{i}.jpg",
            OriginalShape = new(8, 8),
            ImageShape = new(8, 8),
            PadShape = new(8, 8),
        });
        return new Batch(scope.Keep(Tensor.From(pixels, images, 3, 8, 8)), [.. infos]);
    }
}
