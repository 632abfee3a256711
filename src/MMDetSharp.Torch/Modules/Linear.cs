using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>A fully connected layer: (N, C) to (N, O). Keys: weight, bias.</summary>
public sealed class Linear : Layer
{
    /// <param name="inFeatures">C.</param>
    /// <param name="outFeatures">O.</param>
    /// <param name="bias">Whether a bias is added.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = true)
    {
        Weight = RegisterParameter("weight", Tensor.Zeros([outFeatures, inFeatures]));
        Bias = bias ? RegisterParameter("bias", Tensor.Zeros([outFeatures])) : null;
    }

    /// <summary>(O, C).</summary>
    public Tensor Weight { get; }

    /// <summary>(O), or none.</summary>
    public Tensor? Bias { get; }

    /// <summary>PyTorch's default: uniform in +-1 / sqrt(C), weight and bias.</summary>
    public override void InitWeights(Generator generator)
    {
        Initializers.FanInUniform(Weight, Weight, generator);
        if (Bias is not null)
        {
            Initializers.FanInUniform(Bias, Weight, generator);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Functional.Linear(input, Weight, Bias);
}
