namespace MMDetSharp.Data.Loading;

/// <summary>Every image once, in the data set's order: for testing.</summary>
/// <param name="count">How many images.</param>
public sealed class SequentialSampler(int count) : ISampler
{
    private readonly int[] _order = [.. Enumerable.Range(0, count)];

    /// <inheritdoc/>
    public IReadOnlyList<int> Order(int epoch) => _order;
}
