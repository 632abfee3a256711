using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>What our model computed, by the names under which the reference's values were recorded.</summary>
internal sealed class ModelValues
{
    private readonly Dictionary<string, (double[] Values, long[] Shape)> _values = [];

    /// <summary>Of a vector with one entry per parameter: the parameters.</summary>
    internal Dictionary<string, string[]> Names { get; } = [];

    /// <summary>Whether batch norms learned from the batch.</summary>
    internal bool LearnsStatistics { get; set; }

    /// <summary>Elements and shape.</summary>
    internal (double[] Values, long[] Shape) this[string name] => _values.TryGetValue(name, out var value)
        ? value
        : throw new KeyNotFoundException($"{name} was recorded, but our model did not compute it.");

    internal void Add(string name, Tensor tensor) => _values.Add(name, (tensor.ToDoubleArray(), tensor.Shape));

    internal void Add(string name, double[] vector) => _values.Add(name, (vector, [vector.Length]));

    internal void Add(string name, long number) => _values.Add(name, ([number], []));

    /// <summary>Adds tensors as <c>prefix/0</c>, <c>prefix/1</c> ...</summary>
    internal void Add(string prefix, IReadOnlyList<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            Add($"{prefix}/{i}", tensors[i]);
        }
    }
}
