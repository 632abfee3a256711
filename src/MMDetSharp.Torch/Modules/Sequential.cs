using System.Globalization;

using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>Layers that run one after the other; their names are 0, 1, 2, ...</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] _layers;

    /// <param name="layers">First to last.</param>
    public Sequential(params IEnumerable<Layer> layers)
    {
        _layers = [.. layers];
        for (var i = 0; i < _layers.Length; i++)
        {
            RegisterChild(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
        }
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        var current = input;
        foreach (var layer in _layers)
        {
            var next = layer.Call(current);
            if (current != input && current != next)
            {
                current.Dispose();
            }

            current = next;
        }

        return current;
    }
}
