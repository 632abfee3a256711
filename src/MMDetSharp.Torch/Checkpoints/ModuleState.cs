using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Moves tensors between modules and checkpoints.</summary>
public static class ModuleState
{
    /// <summary>The module's tensors for writing, by name, in order.</summary>
    /// <param name="module">Borrowed: write the checkpoint before its tensors change.</param>
    public static IReadOnlyList<KeyValuePair<string, StoredTensor>> Store(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return
        [
            .. module.StateDict().Select(entry => KeyValuePair.Create(entry.Name, StoredTensor.From(entry.Tensor))),
        ];
    }

    /// <summary>Copies a checkpoint's tensors into a module, converted to the module's types and devices.</summary>
    /// <param name="module">Gets the values.</param>
    /// <param name="checkpoint">Has them.</param>
    /// <param name="policy">Whether differences are a failure.</param>
    /// <returns>The differences; empty under <see cref="LoadPolicy.Strict"/>.</returns>
    /// <exception cref="CheckpointException">They differ and must not, or the file is damaged.</exception>
    public static StateDictDifference Load(Module module, Checkpoint checkpoint, LoadPolicy policy = LoadPolicy.Strict)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Load(module, checkpoint.State, (checkpoint.FileName, policy));
    }

    /// <summary>As above, for tensors that were taken out of a checkpoint, renamed or filtered.</summary>
    /// <param name="module">Gets the values.</param>
    /// <param name="state">The tensors by the module's names.</param>
    /// <param name="how">The file for messages, and whether differences are a failure.</param>
    /// <returns>The differences; empty under <see cref="LoadPolicy.Strict"/>.</returns>
    /// <exception cref="CheckpointException">They differ and must not, or the file is damaged.</exception>
    public static StateDictDifference Load(
        Module module, IReadOnlyDictionary<string, StoredTensor> state, (string Where, LoadPolicy Policy) how)
    {
        ArgumentNullException.ThrowIfNull(module);
        var targets = module.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        var keys = targets.Select(entry => new StateDictKey(entry.Key, entry.Value.Shape));
        var wanted = state.Where(entry => !module.IsRedundant(entry.Key)).ToDictionary();
        Rename(wanted, module);
        var difference = StateDictDifference.Between(keys, wanted);
        if (how.Policy == LoadPolicy.Strict)
        {
            difference.RequireNone(how.Where);
        }

        using var noGrad = GradMode.NoGrad();
        foreach (var name in difference.Loadable)
        {
            using var scope = TensorScope.Begin();
            targets[name].CopyFromInPlace(wanted[name].ToTensor());
        }

        return difference;
    }

    private static void Rename(Dictionary<string, StoredTensor> state, Module module)
    {
        foreach (var (former, name) in module.NamedModules().SelectMany(entry => entry.Value.FormerKeys(entry.Key)))
        {
            if (!state.ContainsKey(name) && state.Remove(former, out var tensor))
            {
                state.Add(name, tensor);
            }
        }
    }
}
