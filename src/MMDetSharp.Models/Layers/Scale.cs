using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>One learned factor for a whole map. Key: scale.</summary>
public sealed class Scale : Layer
{
    private readonly Tensor _scale;

    /// <summary>The factor begins as 1.</summary>
    public Scale() => _scale = RegisterParameter("scale", Tensor.Ones([]));

    /// <summary>One factor for each level.</summary>
    internal static ModuleList<Scale> PerLevel(int count) => new(Enumerable.Range(0, count).Select(_ => new Scale()));

    /// <inheritdoc/>
    public override void InitWeights(Generator generator) => Initializers.Constant(_scale, 1);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input * _scale;
}
