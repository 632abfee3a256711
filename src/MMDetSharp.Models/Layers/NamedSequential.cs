using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>Layers with names of their own that run one after the other.</summary>
internal sealed class NamedSequential : Layer
{
    private readonly Layer[] _layers;

    /// <param name="layers">First to last, at least one.</param>
    internal NamedSequential(params IEnumerable<(string Name, Layer Layer)> layers)
    {
        _layers = [.. layers.Select(entry => RegisterChild(entry.Name, entry.Layer))];
    }

    /// <summary>Whether the input is added to the result: He et al., arXiv:1512.03385, equation 1.</summary>
    internal bool HasShortcut { get; init; }

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

        return HasShortcut ? current + input : current;
    }
}
