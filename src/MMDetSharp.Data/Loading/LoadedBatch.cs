using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Loading;

/// <summary>A batch as the loader gives it: one per view of test-time augmentation. Owns them.</summary>
/// <param name="indices">(B): the images' indices in the data set.</param>
/// <param name="views">One batch, or one per view.</param>
public sealed class LoadedBatch(IReadOnlyList<int> indices, IReadOnlyList<Batch> views) : IDisposable
{
    /// <summary>(B): the images' indices in the data set; another one than the order's where it was drawn again.</summary>
    public IReadOnlyList<int> Indices { get; } = indices;

    /// <summary>One batch, or one per view of test-time augmentation, of the same images.</summary>
    public IReadOnlyList<Batch> Views { get; } = views;

    /// <summary>The first view: in training, the only one.</summary>
    public Batch Batch => Views[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in Views)
        {
            view.Dispose();
        }
    }
}
