namespace MMDetSharp.Models.Layers;

/// <summary>In which order a <see cref="ConvModule"/> runs its parts.</summary>
public enum ConvModuleOrder
{
    /// <summary>The usual one.</summary>
    ConvNormActivation,

    /// <summary>Convolution, activation, norm.</summary>
    ConvActivationNorm,

    /// <summary>Activation first; it never overwrites the module's input.</summary>
    ActivationConvNorm,

    /// <summary>Norm first, over the input's channels.</summary>
    NormActivationConv,

    /// <summary>Norm over the input's channels, convolution, activation.</summary>
    NormConvActivation,

    /// <summary>Activation, then norm over the input's channels, then convolution.</summary>
    ActivationNormConv,
}
