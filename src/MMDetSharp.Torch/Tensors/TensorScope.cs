namespace MMDetSharp.Torch.Tensors;

/// <summary>
/// Frees, at its end, every tensor made on this thread since it began, except those given to <see cref="Keep(Tensor)"/>.
/// </summary>
/// <example><code>
/// using var scope = TensorScope.Begin();
/// var union = areaA + areaB - intersection;
/// return scope.Keep(intersection / union);
/// </code></example>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? t_current;

    private readonly TensorScope? _outer = t_current;
    private readonly List<Tensor?> _owned = [];
    private bool _ended;

    private TensorScope() => t_current = this;

    /// <summary>Opens a scope inside the current one of this thread.</summary>
    public static TensorScope Begin() => new();

    /// <summary>Hands a tensor to the outer scope, or to the caller when there is none.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope == this)
        {
            Release(tensor);
            _outer?.Take(tensor);
        }

        return tensor;
    }

    /// <summary>Hands each tensor to the outer scope, or to the caller when there is none.</summary>
    /// <returns>The same array.</returns>
    public Tensor[] Keep(Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors)
        {
            Keep(tensor);
        }

        return tensors;
    }

    /// <summary>Hands both tensors to the outer scope, or to the caller when there is none.</summary>
    public (Tensor First, Tensor Second) Keep((Tensor First, Tensor Second) pair) =>
        (Keep(pair.First), Keep(pair.Second));

    /// <summary>Frees what was not kept, latest first.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        t_current = _outer;
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            if (_owned[i] is { } tensor)
            {
                tensor.Scope = null;
                tensor.Dispose();
            }
        }

        _owned.Clear();
    }

    /// <summary>Gives a new tensor to the current scope of this thread, if there is one.</summary>
    internal static void Add(Tensor tensor) => t_current?.Take(tensor);

    /// <summary>Takes a tensor out of its scope: from now on its holder frees it.</summary>
    internal static void Release(Tensor tensor)
    {
        if (tensor.Scope is { } scope)
        {
            scope._owned[tensor.ScopeSlot] = null;
            tensor.Scope = null;
        }
    }

    private void Take(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeSlot = _owned.Count;
        _owned.Add(tensor);
    }
}
