using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers;

/// <summary>An activation layer: the reference's <c>act_cfg</c>.</summary>
public sealed record ActivationOptions
{
    /// <summary>The function.</summary>
    public ActivationType Type { get; init; } = ActivationType.Relu;

    /// <summary>
    /// The slope of negative elements for <see cref="ActivationType.LeakyRelu"/>, its first value for
    /// <see cref="ActivationType.PRelu"/>, alpha for <see cref="ActivationType.Elu"/>.
    /// </summary>
    public double Slope { get; init; } = 0.01;

    /// <summary>Makes the layer.</summary>
    /// <param name="inPlace">In training, whether to overwrite the input: only where nobody else needs it.</param>
    public Layer Create(bool inPlace) => Type switch
    {
        ActivationType.Relu => new Relu(inPlace),
        ActivationType.LeakyRelu => new LeakyRelu(Slope, inPlace),
        ActivationType.PRelu => new PRelu(Slope),
        _ => new Activation(Type, Slope),
    };
}
