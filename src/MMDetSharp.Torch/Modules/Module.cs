using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>
/// A part of a network: named parameters, buffers and children. The names, joined by dots, are the keys of its state
/// dict, and equal the reference's.
/// </summary>
public abstract class Module : IDisposable
{
    private readonly List<StateEntry> _own = [];
    private readonly List<KeyValuePair<string, Module>> _children = [];
    private Generator? _randomness;

    /// <summary>Whether the module is being trained; decides on dropout and batch statistics.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>
    /// What the module draws from while it is trained: dropout, random samples. Equal seeds give equal draws, whatever else
    /// the process does.
    /// </summary>
    /// <exception cref="InvalidOperationException">No source was given.</exception>
    protected Generator Randomness => _randomness ?? throw new InvalidOperationException(
        $"{GetType().Name}: it draws random numbers in training and was given no source of them. Call " +
        "UseRandomness(generator) on the model first.");

    /// <summary>The children in order of registration.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => _children;

    /// <summary>All parameters with their full names, in the order of PyTorch's <c>named_parameters</c>.</summary>
    public IEnumerable<StateEntry> NamedParameters() => StateDict().Where(entry => entry.IsParameter);

    /// <summary>All parameters and buffers with their full names, in the order of PyTorch's <c>state_dict</c>.</summary>
    /// <remarks>The tensors are the module's own: copy into them, never dispose them.</remarks>
    public IReadOnlyList<StateEntry> StateDict()
    {
        var entries = new List<StateEntry>();
        Collect("", entries);
        return entries;
    }

    /// <summary>This module and all below it with their full names; this one's is empty.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedModules(string prefix = "")
    {
        yield return new(prefix, this);
        foreach (var (name, child) in _children)
        {
            foreach (var entry in child.NamedModules(Join(prefix, name)))
            {
                yield return entry;
            }
        }
    }

    /// <summary>
    /// Whether a tensor of a checkpoint says nothing that the module's own tensors do not say: older versions of the
    /// network wrote it. It is left out when a checkpoint is loaded into this module.
    /// </summary>
    /// <param name="name">Its full name.</param>
    public virtual bool IsRedundant(string name) => false;

    /// <summary>The names that older versions of the network gave to this module's tensors, each with today's.</summary>
    /// <param name="name">The full name of this module.</param>
    public virtual IEnumerable<KeyValuePair<string, string>> FormerKeys(string name) => [];

    /// <summary>Switches this module and all below it between training and evaluation.</summary>
    public virtual void Train(bool mode = true)
    {
        Training = mode;
        foreach (var (_, child) in _children)
        {
            child.Train(mode);
        }
    }

    /// <summary>Gives this module and all below it what they draw from; borrowed.</summary>
    /// <param name="generator">On the device of the parameters.</param>
    public void UseRandomness(Generator generator)
    {
        _randomness = generator;
        foreach (var (_, child) in _children)
        {
            child.UseRandomness(generator);
        }
    }

    /// <summary>Switches to evaluation: <c>Train(false)</c>.</summary>
    public void Eval() => Train(false);

    /// <summary>Sets whether the parameters of this module and all below it are learned.</summary>
    public void RequireGradients(bool required)
    {
        foreach (var entry in NamedParameters())
        {
            entry.Tensor.RequiresGrad = required;
        }
    }

    /// <summary>Frees the gradients of all parameters, as <c>zero_grad(set_to_none=True)</c>.</summary>
    public void ZeroGrad()
    {
        foreach (var entry in NamedParameters())
        {
            entry.Tensor.SetGrad(null);
        }
    }

    /// <summary>Moves all parameters and buffers. Make optimizers afterwards.</summary>
    public void To(Device device)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        foreach (var entry in StateDict())
        {
            entry.Tensor.ReplaceBy(entry.Tensor.Detach().To(device));
        }
    }

    /// <summary>Draws all parameters anew: here the children's, in order; a module with a rule of its own overrides it.</summary>
    /// <param name="generator">The source of randomness.</param>
    public virtual void InitWeights(Generator generator)
    {
        foreach (var (_, child) in _children)
        {
            child.InitWeights(generator);
        }
    }

    /// <summary>Frees all parameters and buffers.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees all parameters and buffers of this module and all below it.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var entry in _own)
        {
            entry.Tensor.Dispose();
        }

        foreach (var (_, child) in _children)
        {
            child.Dispose();
        }
    }

    /// <summary>Adds a learned tensor; the module owns it from now on.</summary>
    /// <returns>The same tensor.</returns>
    protected Tensor RegisterParameter(string name, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.RequiresGrad = true;
        _own.Add(new StateEntry(name, ModuleBuild.Adopt(parameter.DetachFromScope()), IsParameter: true));
        return parameter;
    }

    /// <summary>Adds a tensor that is saved but not learned; the module owns it from now on.</summary>
    /// <returns>The same tensor.</returns>
    protected Tensor RegisterBuffer(string name, Tensor buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _own.Add(new StateEntry(name, ModuleBuild.Adopt(buffer.DetachFromScope()), IsParameter: false));
        return buffer;
    }

    /// <summary>Adds a child; it is disposed with this module.</summary>
    /// <returns>The same module.</returns>
    protected T RegisterChild<T>(string name, T child)
        where T : Module
    {
        _children.Add(new(name, child));
        return child;
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

    // PyTorch lists the parameters, then the buffers of a module, then its children.
    private void Collect(string prefix, List<StateEntry> entries)
    {
        foreach (var entry in _own.Where(entry => entry.IsParameter).Concat(_own.Where(entry => !entry.IsParameter)))
        {
            entries.Add(entry with { Name = Join(prefix, entry.Name) });
        }

        foreach (var (name, child) in _children)
        {
            child.Collect(Join(prefix, name), entries);
        }
    }
}
