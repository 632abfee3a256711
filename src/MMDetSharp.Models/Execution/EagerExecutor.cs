using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Execution;

/// <summary>Runs parts operation by operation, as they are written: on every device, with gradients where asked for.</summary>
public sealed class EagerExecutor : IExecutor
{
    /// <inheritdoc/>
    public MapSet Run(NetworkPart part, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(part);
        part.RequireInput(input);
        return part.Forward(input);
    }
}
