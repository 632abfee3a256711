using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers;

/// <summary>An activation layer: the reference's <c>act_cfg</c>.</summary>
public sealed record ActivationOptions
{
    /// <summary>ReLU, LeakyReLU, SiLU ...: the reference's <c>type</c>.</summary>
    public ActivationType Type { get; init; } = ActivationType.Relu;

    /// <summary>
    /// The slope of negative elements for <see cref="ActivationType.LeakyRelu"/>, its first value for
    /// <see cref="ActivationType.PRelu"/>, alpha for <see cref="ActivationType.Elu"/>.
    /// </summary>
    public double Slope { get; init; } = 0.01;

    /// <summary>Builds the activation layer.</summary>
    /// <param name="inPlace">In training, whether to overwrite the input: only where nobody else needs it.</param>
    public Layer Create(bool inPlace) => Type switch
    {
        ActivationType.Relu => new Relu(inPlace),
        ActivationType.LeakyRelu => new LeakyRelu(Slope, inPlace),
        ActivationType.PRelu => new PRelu(Slope),
        _ => new Activation(Type, Slope),
    };
}

/// <summary>The function behind a layer; the reference's names are beside them.</summary>
public enum ActivationType
{
    /// <summary>max(x, 0) (ReLU).</summary>
    Relu,

    /// <summary>x where positive, slope times x elsewhere (LeakyReLU).</summary>
    LeakyRelu,

    /// <summary>As <see cref="LeakyRelu"/> with a learned slope (PReLU).</summary>
    PRelu,

    /// <summary>x moved into [0, 6] (ReLU6).</summary>
    Relu6,

    /// <summary>x where positive, exp(x) - 1 elsewhere (ELU).</summary>
    Elu,

    /// <summary>1 / (1 + exp(-x)) (Sigmoid).</summary>
    Sigmoid,

    /// <summary>tanh(x) (Tanh).</summary>
    Tanh,

    /// <summary>x tanh(log(1 + exp(x))) (Mish).</summary>
    Mish,

    /// <summary>x / (1 + exp(-x)) (Swish, SiLU).</summary>
    Silu,

    /// <summary>x times (x + 3) / 6 moved into [0, 1] (HSwish).</summary>
    HardSwish,
}
