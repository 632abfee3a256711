using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>Changes parameters by their gradients. Its state is laid out as PyTorch's, index by index.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly Dictionary<int, Dictionary<string, Tensor>> _state = [];

    /// <param name="groups">Each parameter in exactly one group.</param>
    /// <exception cref="ArgumentException">There is no parameter, or one stands in two groups.</exception>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var entry in groups.SelectMany(group => group.Parameters))
        {
            if (!seen.Add(entry.Tensor))
            {
                throw new ArgumentException(
                    $"Optimizer: {entry.Name} must stand in one group, it stands in two. Set bypass_duplicate=True.");
            }
        }

        Groups = groups;
    }

    /// <summary>The groups; the parameters are numbered through them in order.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>What the optimizer remembers: parameter number, then name, then value.</summary>
    public IReadOnlyDictionary<int, Dictionary<string, Tensor>> State => _state;

    /// <summary>Changes every parameter that has a gradient.</summary>
    public void Step()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var index = 0;
        foreach (var group in Groups)
        {
            foreach (var entry in group.Parameters)
            {
                using var step = TensorScope.Begin();
                if (entry.Tensor.Grad is { } gradient)
                {
                    Update(group, index, entry.Tensor, gradient);
                }

                index++;
            }
        }
    }

    /// <summary>Frees the gradients of all parameters, as <c>zero_grad(set_to_none=True)</c>.</summary>
    public void ZeroGrad()
    {
        foreach (var entry in Groups.SelectMany(group => group.Parameters))
        {
            entry.Tensor.SetGrad(null);
        }
    }

    /// <summary>The options of a group besides its parameters, under PyTorch's names.</summary>
    public abstract IReadOnlyDictionary<string, object> Describe(ParameterGroup group);

    /// <summary>Replaces what the optimizer remembers of one parameter, by copies.</summary>
    /// <param name="index">The number of the parameter.</param>
    /// <param name="values">Name to value: <c>momentum_buffer</c>, <c>exp_avg</c>, ...</param>
    /// <exception cref="ArgumentException">There is no such parameter, or a shape differs.</exception>
    public void LoadState(int index, IReadOnlyDictionary<string, Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parameter = Groups.SelectMany(group => group.Parameters).ElementAtOrDefault(index)
            ?? throw new ArgumentException(
                $"LoadState: the optimizer has no parameter number {index}. The checkpoint is of another model.");
        foreach (var (name, value) in values)
        {
            if (value.Rank > 0 && !value.Shape.SequenceEqual(parameter.Tensor.Shape))
            {
                throw new ArgumentException(
                    $"LoadState: {name} of {parameter.Name} must have shape " +
                    $"({string.Join(", ", parameter.Tensor.Shape)}), got ({string.Join(", ", value.Shape)}). " +
                    "The checkpoint is of another model.");
            }

            using var scope = TensorScope.Begin();
            Remember(index, name, scope.Keep(value.Rank > 0 ? value.To(parameter.Tensor.Device).Clone() : value.Clone()));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the optimizer remembers.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var tensor in _state.Values.SelectMany(values => values.Values))
        {
            tensor.Dispose();
        }

        _state.Clear();
    }

    /// <summary>Changes one parameter, in place. Runs in a scope, without recording.</summary>
    protected abstract void Update(ParameterGroup group, int index, Tensor parameter, Tensor gradient);

    /// <summary>What was remembered, or null.</summary>
    protected Tensor? Recall(int index, string name) => _state.GetValueOrDefault(index)?.GetValueOrDefault(name);

    /// <summary>Remembers a tensor under a name; the optimizer owns it from now on.</summary>
    /// <returns>The same tensor.</returns>
    protected Tensor Remember(int index, string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!_state.TryGetValue(index, out var values))
        {
            _state[index] = values = [];
        }

        if (values.TryGetValue(name, out var old))
        {
            old.Dispose();
        }

        return values[name] = value.DetachFromScope();
    }
}
