using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>ReLU with one learned slope for negative elements; He et al., arXiv:1502.01852. Key: weight.</summary>
internal sealed class PRelu : Layer
{
    private readonly double _initial;
    private readonly Tensor _slope;

    internal PRelu(double initial)
    {
        _initial = initial;
        _slope = RegisterParameter("weight", Tensor.Full([1], initial));
    }

    /// <inheritdoc/>
    public override void InitWeights(Generator generator) => Initializers.Constant(_slope, _initial);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Functional.PRelu(input, _slope);
}
