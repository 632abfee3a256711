using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training.Loop;

/// <summary>An optimizer's state as PyTorch stores it: <c>state</c> {index: {name: tensor}} and <c>param_groups</c>.</summary>
internal static class OptimizerState
{
    /// <summary>Moments, step counts and parameter groups as a checkpoint holds them.</summary>
    /// <param name="optimizer">Borrowed: write the checkpoint before its next step.</param>
    internal static StoredDictionary Store(Optimizer optimizer)
    {
        var state = new StoredDictionary();
        foreach (var (index, values) in optimizer.State.OrderBy(entry => entry.Key))
        {
            var stored = new StoredDictionary();
            foreach (var (name, tensor) in values)
            {
                stored[name] = StoredTensor.From(tensor);
            }

            state.Set(index, stored);
        }

        return new StoredDictionary { ["state"] = state, ["param_groups"] = Groups(optimizer) };
    }

    /// <summary>Takes over a stored state: also one that Python wrote for the same model.</summary>
    /// <exception cref="TrainingException">It is of another model or of another optimizer config.</exception>
    internal static void Load(Optimizer optimizer, StoredDictionary stored, string path)
    {
        var groups = stored["param_groups"].AsList();
        RequireSameGroups(optimizer, groups, path);
        var numbers = groups.SelectMany(group => group.AsDictionary()["params"].AsList())
            .Select((number, index) => (Number: number.AsInt64(), Index: index))
            .ToDictionary(entry => entry.Number, entry => entry.Index);
        foreach (var (number, values) in stored["state"].AsDictionary())
        {
            LoadState(optimizer, numbers[number.AsInt64()], values.AsDictionary());
        }

        for (var i = 0; i < groups.Count; i++)
        {
            LoadGroup(optimizer.Groups[i], groups[i].AsDictionary());
        }
    }

    private static StoredList Groups(Optimizer optimizer)
    {
        var groups = new StoredList();
        var first = 0;
        foreach (var group in optimizer.Groups)
        {
            var stored = new StoredDictionary();
            foreach (var (name, value) in optimizer.Describe(group))
            {
                stored[name] = Stored(value);
            }

            stored["params"] = new StoredList(
                Enumerable.Range(first, group.Parameters.Count).Select(index => (StoredValue)index));
            first += group.Parameters.Count;
            groups.Add(stored);
        }

        return groups;
    }

    private static StoredValue Stored(object value) => value switch
    {
        bool truth => truth,
        double number => number,
        double[] numbers => new StoredList(
            numbers.Select(number => (StoredValue)number), StoredSequenceKind.Tuple),
        _ => StoredValue.None,
    };

    private static void RequireSameGroups(Optimizer optimizer, StoredList groups, string path)
    {
        var stored = groups.Select(group => group.AsDictionary()["params"].AsList().Count).ToList();
        var own = optimizer.Groups.Select(group => group.Parameters.Count).ToList();
        if (!stored.SequenceEqual(own))
        {
            throw new TrainingException(
                $"{path}: the optimizer's state must be of {own.Count} groups with {own.Sum()} parameters, found "
                + $"{stored.Count} with {stored.Sum()}. Resume with the config that wrote it, or start anew from its "
                + "weights with load_from.");
        }
    }

    private static void LoadState(Optimizer optimizer, int index, StoredDictionary values)
    {
        using var scope = TensorScope.Begin();
        optimizer.LoadState(index, values
            .Where(entry => !entry.Value.IsNone)
            .ToDictionary(entry => entry.Key.AsString(), entry => Tensor(entry.Value)));
    }

    // Adam's step was a plain number before torch 1.12.
    private static Tensor Tensor(StoredValue value) => value is StoredTensor tensor
        ? tensor.ToTensor()
        : Torch.Tensors.Tensor.Scalar(value.AsDouble());

    private static void LoadGroup(ParameterGroup group, StoredDictionary stored)
    {
        group.LearningRate = stored["lr"].AsDouble();
        group.InitialLearningRate = Number(stored, "initial_lr") ?? group.LearningRate;
        group.WeightDecay = Number(stored, "weight_decay") ?? group.WeightDecay;
        group.InitialMomentum = Number(stored, "initial_momentum") ?? group.InitialMomentum;
        group.Momentum = stored.TryGet("betas", out var betas)
            ? betas.AsList()[0].AsDouble()
            : Number(stored, "momentum") ?? group.Momentum;
    }

    private static double? Number(StoredDictionary stored, string key) =>
        stored.TryGet(key, out var value) ? value.AsDouble() : null;
}
