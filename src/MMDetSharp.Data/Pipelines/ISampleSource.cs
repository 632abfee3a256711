namespace MMDetSharp.Data.Pipelines;

/// <summary>The other images of the data set, for transforms that mix several into one.</summary>
internal interface ISampleSource
{
    /// <summary>An image of the data set drawn at random, read and with its boxes.</summary>
    /// <param name="random">The random numbers of the sample that asks.</param>
    /// <returns>It belongs to the caller.</returns>
    Sample Draw(IRandomSource random);
}
