using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers;

/// <summary>What a <see cref="ConvModule"/> consists of.</summary>
public sealed record ConvModuleOptions
{
    /// <summary>The kernel's height and width.</summary>
    public required int Kernel { get; init; }

    /// <summary>Steps between outputs.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Zeros on each side.</summary>
    public int Padding { get; init; }

    /// <summary>Steps between the kernel's taps.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Into how many parts the channels are split.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the convolution adds a bias; null: unless a norm follows, which has its own.</summary>
    public bool? Bias { get; init; }

    /// <summary>The norm; null for none.</summary>
    public NormOptions? Norm { get; init; }

    /// <summary>The activation; null for none.</summary>
    public ActivationOptions? Activation { get; init; } = new();

    /// <summary>In training, whether the activation may overwrite its input.</summary>
    public bool InPlace { get; init; } = true;

    /// <summary>Which of the three runs first.</summary>
    public ConvModuleOrder Order { get; init; } = ConvModuleOrder.ConvNormActivation;

    /// <summary>The convolution's geometry, the bias decided.</summary>
    internal Conv2dOptions Convolution => new()
    {
        Kernel = Kernel,
        Stride = Stride,
        Padding = Padding,
        Dilation = Dilation,
        Groups = Groups,
        Bias = Bias ?? Norm is null,
    };
}
