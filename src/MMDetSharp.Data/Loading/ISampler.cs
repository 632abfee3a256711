namespace MMDetSharp.Data.Loading;

/// <summary>In which order the images of an epoch come.</summary>
public interface ISampler
{
    /// <summary>Indices into the data set; consecutive ones make a batch. The same epoch always gives the same.</summary>
    /// <param name="epoch">From 0.</param>
    IReadOnlyList<int> Order(int epoch);
}
