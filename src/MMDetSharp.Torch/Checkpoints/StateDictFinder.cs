namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Finds the tensors of a model in what a checkpoint holds.</summary>
internal static class StateDictFinder
{
    private const int MaximumDepth = 64;
    private const string Parallel = "module.";

    // mmcv writes state_dict; YOLOv5 prefers ema to model; the others are common in published code.
    private static readonly string[] Keys = ["state_dict", "ema", "model", "model_state_dict", "net", "params"];

    /// <summary>The tensors by name, in the order of the file; null where there are none.</summary>
    internal static OrderedDictionary<string, StoredTensor>? Find(StoredValue root)
    {
        var found = root is StoredDictionary dictionary
            ? Keys
                .Select(key => dictionary.TryGet(key, out var value) ? Tensors(value) : null)
                .FirstOrDefault(state => state != null)
            : null;
        found ??= Tensors(root);
        return found is null ? null : WithoutParallel(found);
    }

    private static OrderedDictionary<string, StoredTensor>? Tensors(StoredValue value)
    {
        var state = new OrderedDictionary<string, StoredTensor>();
        if (value is StoredDictionary dictionary)
        {
            AddTensors(dictionary, "", state);
        }
        else if (value is StoredObject module)
        {
            AddModule(module, "", state, MaximumDepth);
        }

        return state.Count > 0 ? state : null;
    }

    // A pickled torch.nn.Module: its parameters, its buffers, then its children, as state_dict() has them.
    private static void AddModule(
        StoredObject module, string prefix, OrderedDictionary<string, StoredTensor> state, int depth)
    {
        if (depth == 0)
        {
            throw new CheckpointException(
                $"Checkpoint: modules must be nested at most {MaximumDepth} deep, found more. The file is damaged.");
        }

        AddTensors(module.Attribute("_parameters"), prefix, state);
        var transient = module.Attribute("_non_persistent_buffers_set") as StoredList ?? [];
        AddTensors(module.Attribute("_buffers"), prefix, state, transient);
        foreach (var (name, child) in module.Attribute("_modules") as StoredDictionary ?? [])
        {
            if (child is StoredObject inner)
            {
                AddModule(inner, $"{prefix}{Text(name)}.", state, depth - 1);
            }
        }
    }

    private static void AddTensors(
        StoredValue? value, string prefix, OrderedDictionary<string, StoredTensor> state, StoredList? without = null)
    {
        foreach (var (name, entry) in value as StoredDictionary ?? [])
        {
            if (entry is StoredTensor tensor && without?.Contains(name) != true)
            {
                state[prefix + Text(name)] = tensor;
            }
        }
    }

    private static string Text(StoredValue name) =>
        name is StoredScalar { Value: string text } ? text : name.ToString()!;

    // DataParallel puts the model one level deeper.
    private static OrderedDictionary<string, StoredTensor> WithoutParallel(
        OrderedDictionary<string, StoredTensor> state)
    {
        if (!state.Keys.All(key => key.StartsWith(Parallel, StringComparison.Ordinal)))
        {
            return state;
        }

        var stripped = new OrderedDictionary<string, StoredTensor>(state.Count);
        foreach (var (key, tensor) in state)
        {
            stripped.Add(key[Parallel.Length..], tensor);
        }

        return stripped;
    }
}
