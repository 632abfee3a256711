using MMDetSharp.Core.Structures;

namespace MMDetSharp.Data.Loading;

/// <summary>In which order the images of an epoch come.</summary>
public interface ISampler
{
    /// <summary>Indices into the data set; consecutive ones make a batch. The same epoch always gives the same.</summary>
    /// <param name="epoch">From 0.</param>
    IReadOnlyList<int> Order(int epoch);

    /// <summary>The size that all images of an image's batch get; null where each has its own.</summary>
    /// <param name="index">Of the data set.</param>
    ImageShape? BatchShape(int index) => null;
}
