using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// What a network predicts: outputs by name (<c>cls_score</c>, <c>bbox_pred</c>), each with one map per level, finest
/// level first unless the network says otherwise.
/// </summary>
public sealed class MapSet
{
    private readonly (string Name, Tensor[] Levels)[] _outputs;

    /// <param name="outputs">In the order of the reference's head; every output has as many levels.</param>
    public MapSet(params (string Name, Tensor[] Levels)[] outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        _outputs = outputs;
    }

    /// <summary>The names of the outputs, in order.</summary>
    public IReadOnlyList<string> Names => [.. _outputs.Select(output => output.Name)];

    /// <summary>The number of levels, L.</summary>
    public int LevelCount => _outputs[0].Levels.Length;

    /// <summary>All maps: the levels of the first output, then those of the next.</summary>
    public Tensor[] Tensors => [.. _outputs.SelectMany(output => output.Levels)];

    /// <summary>Height and width of each level.</summary>
    public IReadOnlyList<(long Height, long Width)> Sizes =>
        [.. _outputs[0].Levels.Select(map => (map.Size(-2), map.Size(-1)))];

    /// <summary>The device of the maps.</summary>
    public Device Device => _outputs[0].Levels[0].Device;

    /// <summary>(L) the maps of one output.</summary>
    /// <param name="name">The output's name, <c>cls_score</c>.</param>
    /// <exception cref="KeyNotFoundException">The network has no such output.</exception>
    public Tensor[] this[string name] => Array.Find(_outputs, output => output.Name == name).Levels
        ?? throw new KeyNotFoundException(
            $"MapSet: there is no output {name}. There are {string.Join(", ", Names)}.");

    /// <summary>What a network whose layers are the same at every level predicts, level by level.</summary>
    /// <param name="names">The names of the outputs, in the order of the reference's head.</param>
    /// <param name="features">(L) borrowed.</param>
    /// <param name="predict">A feature and its level to one map for each name.</param>
    /// <returns>It belongs to the caller; what else a level made is freed before the next one.</returns>
    public static MapSet PerLevel(string[] names, Tensor[] features, Func<Tensor, int, Tensor[]> predict)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(predict);
        Tensor[][] levels = [.. features.Select((feature, level) =>
        {
            using var scope = TensorScope.Begin();
            return scope.Keep(predict(feature, level));
        })];
        return new([.. names.Select((name, i) => (name, Array.ConvertAll(levels, maps => maps[i])))]);
    }

    /// <summary>Other tensors under the same names and levels: those of a compiled run.</summary>
    /// <param name="tensors">In the order of <see cref="Tensors"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer of them.</exception>
    public MapSet With(IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count != Tensors.Length)
        {
            throw new ArgumentException(
                $"MapSet: there must be {Tensors.Length} maps, got {tensors.Count}. Record the network anew.", nameof(tensors));
        }

        var next = 0;
        return new([.. _outputs.Select(output => (output.Name, Array.ConvertAll(output.Levels, _ => tensors[next++])))]);
    }

    /// <summary>The maps of one image, (C, H, W) each.</summary>
    /// <param name="image">Its place in the batch.</param>
    public MapSet OfImage(int image) =>
        new([.. _outputs.Select(output => (output.Name, Array.ConvertAll(output.Levels, map => map[image])))]);

    /// <summary>Hands the maps to the scope around the current one.</summary>
    /// <returns>These maps.</returns>
    public MapSet KeepIn(TensorScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.Keep(Tensors);
        return this;
    }
}
