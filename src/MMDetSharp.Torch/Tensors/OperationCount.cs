namespace MMDetSharp.Torch.Tensors;

/// <summary>
/// Counts what convolutions and matrix products of this thread multiply and add, one for each pair: what MMDetection's
/// <c>get_flops</c> prints as FLOPs. Norms, activations and sums are not counted.
/// </summary>
/// <example><code>
/// using var count = OperationCount.Begin();
/// network.Call(image);
/// Console.WriteLine(count.MultiplyAdds);
/// </code></example>
public sealed class OperationCount : IDisposable
{
    [ThreadStatic]
    private static OperationCount? t_current;

    private readonly OperationCount? _outer;

    private OperationCount() => _outer = t_current;

    /// <summary>Pairs of a multiplication and an addition so far.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Counts until it is disposed.</summary>
    public static OperationCount Begin() => t_current = new();

    /// <summary>Stops counting.</summary>
    public void Dispose()
    {
        t_current = _outer;
        _outer?.Add(MultiplyAdds);
    }

    /// <summary>Notes a matrix product.</summary>
    /// <param name="result">(..., N, M).</param>
    /// <param name="left">(..., N, K): the last dimension is summed.</param>
    /// <returns>The result.</returns>
    internal static Tensor NoteProduct(Tensor result, Tensor left) =>
        t_current is null ? result : Note(result, left.Size(-1));

    /// <summary>Notes a convolution.</summary>
    /// <param name="result">(B, O, H', W').</param>
    /// <param name="weight">(O, ...): all but the first dimension are summed.</param>
    /// <returns>The result.</returns>
    internal static Tensor NoteKernel(Tensor result, Tensor weight) =>
        t_current is null ? result : Note(result, weight.ElementCount / Math.Max(weight.Size(0), 1));

    private static Tensor Note(Tensor result, long products)
    {
        t_current?.Add(result.ElementCount * products);
        return result;
    }

    private void Add(long count) => MultiplyAdds += count;
}
