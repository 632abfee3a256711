namespace MMDetSharp.Torch.Checkpoints;

/// <summary>What a checkpoint consists of when it is written, as mmcv writes it.</summary>
public sealed record CheckpointContent
{
    /// <summary>The tensors of the model by name, in order.</summary>
    public required IEnumerable<KeyValuePair<string, StoredTensor>> State { get; init; }

    /// <summary>Plain values beside the tensors: epoch, iter, CLASSES, config, time ...</summary>
    public StoredDictionary Meta { get; init; } = [];

    /// <summary>The optimizer's state (<c>state</c> and <c>param_groups</c>), or null to leave it out.</summary>
    public StoredDictionary? Optimizer { get; init; }

    /// <summary>What the hooks of a training remember, by name, such as <c>ema</c>; or null to leave it out.</summary>
    public StoredDictionary? Hooks { get; init; }

    /// <summary>What parts of the model remember of the training besides their tensors, by name; or null.</summary>
    public StoredDictionary? TrainingState { get; init; }

    internal StoredDictionary ToRoot()
    {
        var state = new StoredDictionary { IsOrdered = true };
        foreach (var (name, tensor) in State)
        {
            state[name] = tensor;
        }

        var root = new StoredDictionary { ["meta"] = Meta, ["state_dict"] = state };
        if (Optimizer != null)
        {
            root["optimizer"] = Optimizer;
        }

        if (Hooks != null)
        {
            root["hooks"] = Hooks;
        }

        if (TrainingState != null)
        {
            root["training_state"] = TrainingState;
        }

        return root;
    }
}
